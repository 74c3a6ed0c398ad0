module frame_handler(clock,waiting,content,sending,busy,decision,framing_error,reset,first,address,write,write_address,write_data,send,slot,request,start,clear,refused);
    
    // Module arguments
    input wire  clock;
    input wire  waiting;
    input wire  [7:0] content;
    input wire  sending;
    input wire  busy;
    input wire  [49:0] decision;
    input wire  framing_error;
    input wire  reset;
    output reg  [8:0] first;
    output reg  [8:0] address;
    output reg  write;
    output reg  [8:0] write_address;
    output reg  [7:0] write_data;
    output reg  send;
    output reg  [2:0] slot;
    output reg  [41:0] request;
    output reg  start;
    output reg  clear;
    output reg  refused;
    
    // Constant declarations
    localparam  version = 8'h8;
    localparam  window = 4'h7;
    localparam  bad_frame = 4'h1;
    localparam  unknown_command = 4'h2;
    localparam  bad_length = 4'h3;
    localparam  wrong_hash = 4'h8;
    localparam  out_of_order = 4'ha;
    localparam  reply_full = 4'hb;
    localparam  command_identify = 8'h1;
    localparam  command_begin = 8'h2;
    localparam  command_seal = 8'h4;
    localparam  command_clear = 8'h5;
    localparam  command_status = 8'h8;
    
    // Enums
    localparam Turn$Idle = 0;
    localparam Turn$Length = 1;
    localparam Turn$Number = 2;
    localparam Turn$Next = 3;
    localparam Turn$Command = 4;
    localparam Turn$Size = 5;
    localparam Turn$Decide = 6;
    localparam Turn$Act = 7;
    localparam Turn$Check = 8;
    localparam Turn$Verify = 9;
    localparam Turn$Verdict = 10;
    localparam Turn$Execute = 11;
    localparam Turn$Advance = 12;
    localparam Turn$Commit = 13;
    localparam Turn$Work = 14;
    localparam Turn$Reply = 15;
    localparam Turn$Done = 16;
    localparam Turn$Refusal = 17;
    localparam Turn$Settle = 18;
    localparam Turn$High = 19;
    localparam Turn$Low = 20;
    localparam Turn$Close = 21;
    localparam Turn$Measure = 22;
    localparam Turn$Send = 23;
    localparam Turn$Drain = 24;
    
    // Stub signals
    reg  turn$clock;
    reg  [4:0] turn$d;
    wire  [4:0] turn$q;
    reg  base$clock;
    reg  [8:0] base$d;
    wire  [8:0] base$q;
    reg  rest$clock;
    reg  [7:0] rest$d;
    wire  [7:0] rest$q;
    reg  place$clock;
    reg  [7:0] place$d;
    wire  [7:0] place$q;
    reg  opening$clock;
    reg  opening$d;
    wire  opening$q;
    reg  command$clock;
    reg  [7:0] command$d;
    wire  [7:0] command$q;
    reg  brief$clock;
    reg  brief$d;
    wire  brief$q;
    reg  bare$clock;
    reg  bare$d;
    wire  bare$q;
    reg  payload$clock;
    reg  [7:0] payload$d;
    wire  [7:0] payload$q;
    reg  to_check$clock;
    reg  [7:0] to_check$d;
    wire  [7:0] to_check$q;
    reg  at_hand$clock;
    reg  [7:0] at_hand$d;
    wire  [7:0] at_hand$q;
    reg  present$clock;
    reg  present$d;
    wire  present$q;
    reg  checks$clock;
    reg  checks$d;
    wire  checks$q;
    reg  commits$clock;
    reg  commits$d;
    wire  commits$q;
    reg  works$clock;
    reg  works$d;
    wire  works$q;
    reg  refusal$clock;
    reg  [3:0] refusal$d;
    wire  [3:0] refusal$q;
    reg  items$clock;
    reg  [7:0] items$d;
    wire  [7:0] items$q;
    reg  cursor$clock;
    reg  [5:0] cursor$d;
    wire  [5:0] cursor$q;
    reg  put$clock;
    reg  put$d;
    wire  put$q;
    reg  out$clock;
    reg  [7:0] out$d;
    wire  [7:0] out$q;
    reg  reply_place$clock;
    reg  [5:0] reply_place$d;
    wire  [5:0] reply_place$q;
    reg  reply_crc$clock;
    reg  [15:0] reply_crc$d;
    wire  [15:0] reply_crc$q;
    reg  reply_slot$clock;
    reg  [2:0] reply_slot$d;
    wire  [2:0] reply_slot$q;
    reg  aside$clock;
    reg  aside$d;
    wire  aside$q;
    reg  next_number$clock;
    reg  [7:0] next_number$d;
    wire  [7:0] next_number$q;
    reg  distance$clock;
    reg  [7:0] distance$d;
    wire  [7:0] distance$q;
    reg  kept$clock;
    reg  [3:0] kept$d;
    wire  [3:0] kept$q;
    reg  hash$clock;
    reg  [31:0] hash$d;
    wire  [31:0] hash$q;
    reg  loaded$clock;
    reg  loaded$d;
    wire  loaded$q;
    reg  open$clock;
    reg  open$d;
    wire  open$q;
    reg  bad_frames$clock;
    reg  [15:0] bad_frames$d;
    wire  [15:0] bad_frames$q;
    reg  repeats$clock;
    reg  [15:0] repeats$d;
    wire  [15:0] repeats$q;
    reg  framing_errors$clock;
    reg  [7:0] framing_errors$d;
    wire  [7:0] framing_errors$q;
    reg  refusing$clock;
    reg  refusing$d;
    wire  refusing$q;
    reg  count$clock;
    reg  [15:0] count$d;
    wire  [15:0] count$q;
    reg  [15:0] crc$sum;
    reg  [7:0] crc$data;
    wire  [15:0] crc$next_sum;
    reg  [31:0] digest$sum;
    reg  [3:0] digest$data;
    wire  [31:0] digest$next_sum;
    
    // Local signals
    reg  identifies;
    reg  begins;
    reg  seals;
    reg  follows;
    reg  repeats_one;
    reg  beyond;
    reg  [3:0] objection;
    reg  [7:0] onward;
    reg  at_end;
    reg  [7:0] read_place;
    reg  [7:0] hash_byte;
    reg  [1:0] hash_place;
    reg  [3:0] fault_now;
    reg  [7:0] reply_byte;
    reg  [5:0] stored_place;
    reg  [2:0] number_slot;
    reg  [2:0] next_slot;
    
    // Sub module instances
    frame_handler$turn turn(..);
    frame_handler$base base(..);
    frame_handler$rest rest(..);
    frame_handler$place place(..);
    frame_handler$opening opening(..);
    frame_handler$command command(..);
    frame_handler$brief brief(..);
    frame_handler$bare bare(..);
    frame_handler$payload payload(..);
    frame_handler$to_check to_check(..);
    frame_handler$at_hand at_hand(..);
    frame_handler$present present(..);
    frame_handler$checks checks(..);
    frame_handler$commits commits(..);
    frame_handler$works works(..);
    frame_handler$refusal refusal(..);
    frame_handler$items items(..);
    frame_handler$cursor cursor(..);
    frame_handler$put put(..);
    frame_handler$out out(..);
    frame_handler$reply_place reply_place(..);
    frame_handler$reply_crc reply_crc(..);
    frame_handler$reply_slot reply_slot(..);
    frame_handler$aside aside(..);
    frame_handler$next_number next_number(..);
    frame_handler$distance distance(..);
    frame_handler$kept kept(..);
    frame_handler$hash hash(..);
    frame_handler$loaded loaded(..);
    frame_handler$open open(..);
    frame_handler$bad_frames bad_frames(..);
    frame_handler$repeats repeats(..);
    frame_handler$framing_errors framing_errors(..);
    frame_handler$refusing refusing(..);
    frame_handler$count count(..);
    frame_handler$crc crc(..);
    frame_handler$digest digest(..);
    
    // Update code
    always @(*) begin
        turn$clock = clock;
        base$clock = clock;
        rest$clock = clock;
        place$clock = clock;
        opening$clock = clock;
        command$clock = clock;
        brief$clock = clock;
        bare$clock = clock;
        turn$d = turn$q;
        base$d = base$q;
        rest$d = rest$q;
        place$d = place$q;
        opening$d = opening$q;
        command$d = command$q;
        brief$d = brief$q;
        bare$d = bare$q;
        payload$clock = clock;
        to_check$clock = clock;
        at_hand$clock = clock;
        present$clock = clock;
        checks$clock = clock;
        commits$clock = clock;
        works$clock = clock;
        payload$d = payload$q;
        to_check$d = to_check$q;
        at_hand$d = at_hand$q;
        present$d = present$q;
        checks$d = checks$q;
        commits$d = commits$q;
        works$d = works$q;
        refusal$clock = clock;
        items$clock = clock;
        cursor$clock = clock;
        put$clock = clock;
        out$clock = clock;
        reply_place$clock = clock;
        reply_crc$clock = clock;
        refusal$d = refusal$q;
        items$d = items$q;
        cursor$d = cursor$q;
        put$d = put$q;
        out$d = out$q;
        reply_place$d = reply_place$q;
        reply_crc$d = reply_crc$q;
        reply_slot$clock = clock;
        aside$clock = clock;
        next_number$clock = clock;
        distance$clock = clock;
        kept$clock = clock;
        hash$clock = clock;
        loaded$clock = clock;
        open$clock = clock;
        bad_frames$clock = clock;
        reply_slot$d = reply_slot$q;
        aside$d = aside$q;
        next_number$d = next_number$q;
        distance$d = distance$q;
        kept$d = kept$q;
        hash$d = hash$q;
        loaded$d = loaded$q;
        open$d = open$q;
        bad_frames$d = bad_frames$q;
        repeats$clock = clock;
        framing_errors$clock = clock;
        refusing$clock = clock;
        count$clock = clock;
        repeats$d = repeats$q;
        framing_errors$d = framing_errors$q;
        refusing$d = refusing$q;
        count$d = count$q;
        request[(64'h0)+:(8)] = command$q;
        request[(64'h10)+:(8)] = content;
        request[(64'h18)+:(8)] = at_hand$q;
        request[(64'h8)+:(8)] = payload$q;
        request[(64'h24)+:(6)] = cursor$q;
        request[(64'h22)+:(1)] = loaded$q;
        request[(64'h23)+:(1)] = open$q;
        request[(64'h20)+:(1)] = present$q;
        request[(64'h21)+:(1)] = turn$q == Turn$Commit;
        identifies = command$q == command_identify;
        begins = command$q == command_begin;
        seals = command$q == command_seal;
        read_place = place$q;
        if (turn$q == Turn$Work) begin
            read_place = decision[(64'h1a)+:(8)];
        end
        address = base$q + ((read_place) & 9'h1ff);
        onward = place$q + 32'h1;
        at_end = onward == rest$q;
        first = base$q;
        send = 1'b0;
        slot = reply_slot$q;
        start = 1'b0;
        clear = 1'b0;
        refused = refusing$q;
        if (framing_error) begin
            framing_errors$d = framing_errors$q + 32'h1;
        end
        put$d = 1'b0;
        present$d = 1'b0;
        count$d = count$q + 32'h1;
        hash_place = ((cursor$q) & 2'h3) + 32'h3;
        if (present$q) begin
            hash_place = ((at_hand$q) & 2'h3);
        end
        hash_byte = ((hash$q) & 8'hff);
        case (hash_place)
            1:
                begin
                    hash_byte = ((hash$q >> 32'h8) & 8'hff);
                end
            2:
                begin
                    hash_byte = ((hash$q >> 32'h10) & 8'hff);
                end
            3:
                begin
                    hash_byte = ((hash$q >> 32'h18) & 8'hff);
                end
            default:
                begin
                end
        endcase
        fault_now = ((decision[(64'h10)+:(8)]) & 4'hf);
        if (seals) begin
            fault_now = ((32'h0) & 4'hf);
            if (content != hash_byte) begin
                fault_now = wrong_hash;
            end
        end
        if (present$q & (refusal$q == ((32'h0) & 4'hf))) begin
            refusal$d = fault_now;
        end
        digest$sum = hash$q;
        digest$data = ((content) & 4'hf);
        if (turn$q == Turn$Commit) begin
            digest$data = ((content >> 32'h4) & 4'hf);
        end
        if (open$q & ((turn$q == Turn$Advance) | (turn$q == Turn$Commit))) begin
            hash$d = digest$next_sum;
        end
        reply_byte = decision[(64'h22)+:(8)];
        case (decision[(64'h30)+:(2)])
            1:
                begin
                    reply_byte = ((count$q) & 8'hff);
                end
            2:
                begin
                    reply_byte = ((count$q >> 32'h8) & 8'hff);
                end
            default:
                begin
                end
        endcase
        if (identifies) begin
            case (cursor$q)
                0:
                    begin
                        reply_byte = version;
                    end
                4:
                    begin
                        reply_byte = ((loaded$q) & 8'hff);
                    end
                default:
                    begin
                    end
            endcase
            if ((cursor$q == ((32'h5) & 6'h3f)) | (cursor$q == ((32'h6) & 6'h3f)) | (cursor$q == ((32'h7) & 6'h3f)) | (cursor$q == ((32'h8) & 6'h3f))) begin
                reply_byte = ((32'h0) & 8'hff);
                if (loaded$q) begin
                    reply_byte = hash_byte;
                end
            end
        end
        if (command$q == command_status) begin
            case (cursor$q)
                0:
                    begin
                        reply_byte = ((loaded$q) & 8'hff);
                    end
                4:
                    begin
                        reply_byte = ((bad_frames$q) & 8'hff);
                    end
                5:
                    begin
                        reply_byte = ((bad_frames$q >> 32'h8) & 8'hff);
                    end
                6:
                    begin
                        reply_byte = ((repeats$q) & 8'hff);
                    end
                7:
                    begin
                        reply_byte = ((repeats$q >> 32'h8) & 8'hff);
                    end
                8:
                    begin
                        reply_byte = framing_errors$q;
                    end
                default:
                    begin
                    end
            endcase
        end
        number_slot = ((out$q) & 3'h7);
        next_slot = ((next_number$q) & 3'h7);
        follows = (distance$q == ((32'h0) & 8'hff)) | identifies;
        repeats_one = (distance$q <= ((kept$q) & 8'hff)) & ~follows;
        beyond = ((place$q >= rest$q) | at_end) & ~bare$q;
        objection = refusal$q;
        if (beyond & (refusal$q != unknown_command)) begin
            objection = bad_length;
        end
        if (reply_place$q[32'h5] & (reply_place$q[32'h4] | (reply_place$q[32'h3] & reply_place$q[32'h2] & reply_place$q[32'h1]))) begin
            objection = reply_full;
        end
        case (turn$q)
            Turn$Idle:
                begin
                    place$d = 32'h0;
                    count$d = ((32'h1) & 16'hffff);
                    opening$d = 1'b1;
                    aside$d = 1'b0;
                    refusal$d = 32'h0;
                    items$d = 32'h0;
                    reply_crc$d = 32'h0;
                    reply_place$d = ((32'h1) & 6'h3f);
                    if (reset) begin
                        loaded$d = 1'b0;
                        open$d = 1'b0;
                        clear = 1'b1;
                    end
                    else begin
                        if (waiting) begin
                            place$d = onward;
                            turn$d = Turn$Length;
                        end
                    end
                end
            Turn$Length:
                begin
                    rest$d = content;
                    place$d = onward;
                    turn$d = Turn$Number;
                    if (content == ((32'h1) & 8'hff)) begin
                        bad_frames$d = bad_frames$q + 32'h1;
                        refusal$d = bad_frame;
                        aside$d = 1'b1;
                        reply_slot$d = next_slot;
                        put$d = 1'b1;
                        out$d = ((32'h0) & 8'hff);
                        turn$d = Turn$Done;
                    end
                end
            Turn$Number:
                begin
                    out$d = content;
                    place$d = onward;
                    turn$d = Turn$Command;
                end
            Turn$Next:
                begin
                    count$d = ((32'h3) & 16'hffff);
                    place$d = onward;
                    turn$d = Turn$Command;
                end
            Turn$Command:
                begin
                    command$d = content & ((32'h7f) & 8'hff);
                    brief$d = content[32'h7];
                    place$d = onward;
                    turn$d = Turn$Size;
                    if (at_end) begin
                        turn$d = Turn$Refusal;
                    end
                end
            Turn$Size:
                begin
                    bare$d = at_end;
                    payload$d = content;
                    if (at_end) begin
                        payload$d = 32'h0;
                    end
                    base$d = address;
                    rest$d = rest$q - place$q;
                    distance$d = next_number$q - out$q;
                    turn$d = Turn$Decide;
                end
            Turn$Decide:
                begin
                    refusal$d = ((decision[(64'h0)+:(8)]) & 4'hf);
                    checks$d = decision[(64'h8)+:(8)] != ((32'h0) & 8'hff);
                    commits$d = decision[(64'h18)+:(1)];
                    works$d = decision[(64'h19)+:(1)];
                    to_check$d = decision[(64'h8)+:(8)];
                    place$d = payload$q;
                    turn$d = Turn$Act;
                    if (opening$q & identifies & sending) begin
                        turn$d = Turn$Decide;
                    end
                end
            Turn$Act:
                begin
                    opening$d = 1'b0;
                    place$d = 32'h0;
                    cursor$d = 32'h0;
                    refusal$d = objection;
                    turn$d = Turn$Execute;
                    if (checks$q) begin
                        turn$d = Turn$Check;
                    end
                    if (objection != ((32'h0) & 4'hf)) begin
                        turn$d = Turn$Done;
                    end
                    if (opening$q) begin
                        reply_slot$d = number_slot;
                        put$d = 1'b1;
                        if (follows) begin
                            next_number$d = out$q + 32'h1;
                            kept$d = kept$q + 32'h1;
                            if (kept$q == window) begin
                                kept$d = window;
                            end
                            if (identifies) begin
                                kept$d = ((32'h1) & 4'hf);
                            end
                        end
                        else begin
                            if (repeats_one) begin
                                repeats$d = repeats$q + 32'h1;
                                put$d = 1'b0;
                                place$d = rest$q;
                                turn$d = Turn$Close;
                            end
                            else begin
                                refusal$d = out_of_order;
                                aside$d = 1'b1;
                                reply_slot$d = next_slot;
                                turn$d = Turn$Done;
                            end
                        end
                    end
                end
            Turn$Check:
                begin
                    at_hand$d = place$q;
                    present$d = 1'b1;
                    place$d = onward;
                    if (onward == to_check$q) begin
                        turn$d = Turn$Verify;
                    end
                end
            Turn$Verify:
                begin
                    turn$d = Turn$Verdict;
                end
            Turn$Verdict:
                begin
                    place$d = 32'h0;
                    turn$d = Turn$Execute;
                    if (refusal$q != ((32'h0) & 4'hf)) begin
                        turn$d = Turn$Done;
                    end
                end
            Turn$Execute:
                begin
                    turn$d = Turn$Reply;
                    if (commits$q) begin
                        turn$d = Turn$Advance;
                    end
                    if (works$q) begin
                        start = 1'b1;
                        turn$d = Turn$Work;
                    end
                    if (command$q == command_clear) begin
                        clear = 1'b1;
                    end
                    if (seals) begin
                        loaded$d = 1'b1;
                        open$d = 1'b0;
                        clear = 1'b1;
                    end
                    if (begins) begin
                        loaded$d = 1'b0;
                        open$d = 1'b1;
                        clear = 1'b1;
                        hash$d = 32'h0;
                    end
                end
            Turn$Advance:
                begin
                    at_hand$d = place$q;
                    place$d = onward;
                    turn$d = Turn$Commit;
                end
            Turn$Commit:
                begin
                    turn$d = Turn$Advance;
                    if (place$q == payload$q) begin
                        turn$d = Turn$Reply;
                    end
                end
            Turn$Work:
                begin
                    if (~busy) begin
                        count$d = count$q;
                        turn$d = Turn$Reply;
                    end
                end
            Turn$Reply:
                begin
                    count$d = count$q;
                    cursor$d = cursor$q + 32'h1;
                    out$d = reply_byte;
                    put$d = 1'b1;
                    if (brief$q | (cursor$q == decision[(64'h2a)+:(6)])) begin
                        put$d = 1'b0;
                        items$d = items$q + 32'h1;
                        place$d = payload$q;
                        turn$d = Turn$Next;
                        if (bare$q) begin
                            turn$d = Turn$Refusal;
                        end
                    end
                end
            Turn$Done:
                begin
                    put$d = 1'b1;
                    out$d = items$q;
                    turn$d = Turn$Refusal;
                end
            Turn$Refusal:
                begin
                    put$d = 1'b1;
                    out$d = ((refusal$q) & 8'hff);
                    refusing$d = refusal$q != ((32'h0) & 4'hf);
                    turn$d = Turn$Settle;
                end
            Turn$Settle:
                begin
                    turn$d = Turn$High;
                end
            Turn$High:
                begin
                    put$d = 1'b1;
                    out$d = ((reply_crc$q >> 32'h8) & 8'hff);
                    turn$d = Turn$Low;
                end
            Turn$Low:
                begin
                    put$d = 1'b1;
                    out$d = ((reply_crc$q) & 8'hff);
                    place$d = rest$q;
                    turn$d = Turn$Close;
                end
            Turn$Close:
                begin
                    turn$d = Turn$Measure;
                end
            Turn$Measure:
                begin
                    turn$d = Turn$Send;
                end
            Turn$Send:
                begin
                    if (~sending) begin
                        send = 1'b1;
                        base$d = address;
                        place$d = 32'h0;
                        turn$d = Turn$Idle;
                        if (aside$q) begin
                            turn$d = Turn$Drain;
                        end
                    end
                end
            default:
                begin
                    if (~sending) begin
                        turn$d = Turn$Idle;
                    end
                end
        endcase
        crc$sum = reply_crc$q;
        crc$data = out$q;
        if (put$q) begin
            if (turn$q != Turn$Low) begin
                reply_crc$d = crc$next_sum;
            end
            reply_place$d = reply_place$q + 32'h1;
        end
        write = put$q;
        write_data = out$q;
        stored_place = reply_place$q;
        if (turn$q == Turn$Measure) begin
            write = reply_place$q != ((32'h1) & 6'h3f);
            write_data = ((reply_place$q) & 8'hff);
            stored_place = ((32'h0) & 6'h3f);
        end
        write_address = (((reply_slot$q) & 9'h1ff) << 32'h6) | ((stored_place) & 9'h1ff);
    end
    
endmodule
