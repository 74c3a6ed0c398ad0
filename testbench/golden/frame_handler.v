module frame_handler(clock,waiting,intact,length,content,sending,busy,decision,address,finished,write,write_address,write_data,send,reply_first,reply_last,request,start,clear);
    
    // Module arguments
    input wire  clock;
    input wire  waiting;
    input wire  intact;
    input wire  [6:0] length;
    input wire  [7:0] content;
    input wire  sending;
    input wire  busy;
    input wire  [47:0] decision;
    output reg  [6:0] address;
    output reg  finished;
    output reg  write;
    output reg  [6:0] write_address;
    output reg  [7:0] write_data;
    output reg  send;
    output reg  [6:0] reply_first;
    output reg  [6:0] reply_last;
    output reg  [40:0] request;
    output reg  start;
    output reg  clear;
    
    // Constant declarations
    localparam  version = 8'h5;
    localparam  bad_frame = 8'h1;
    localparam  wrong_hash = 8'h8;
    localparam  command_identify = 8'h1;
    localparam  command_begin = 8'h2;
    localparam  command_seal = 8'h4;
    localparam  command_clear = 8'h5;
    localparam  command_status = 8'h8;
    
    // Enums
    localparam Turn$Idle = 0;
    localparam Turn$Number = 1;
    localparam Turn$Command = 2;
    localparam Turn$Decide = 3;
    localparam Turn$Fetch = 4;
    localparam Turn$Check = 5;
    localparam Turn$Advance = 6;
    localparam Turn$Commit = 7;
    localparam Turn$Work = 8;
    localparam Turn$Reply = 9;
    localparam Turn$Digest = 10;
    localparam Turn$Send = 11;
    
    // Stub signals
    reg  turn$clock;
    reg  [3:0] turn$d;
    wire  [3:0] turn$q;
    reg  number$clock;
    reg  [7:0] number$d;
    wire  [7:0] number$q;
    reg  command$clock;
    reg  [7:0] command$d;
    wire  [7:0] command$q;
    reg  refusal$clock;
    reg  [7:0] refusal$d;
    wire  [7:0] refusal$q;
    reg  place$clock;
    reg  [6:0] place$d;
    wire  [6:0] place$q;
    reg  at_hand$clock;
    reg  [6:0] at_hand$d;
    wire  [6:0] at_hand$q;
    reg  last_number$clock;
    reg  [7:0] last_number$d;
    wire  [7:0] last_number$q;
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
    reg  count$clock;
    reg  [31:0] count$d;
    wire  [31:0] count$q;
    reg  reply_base$clock;
    reg  reply_base$d;
    wire  reply_base$q;
    reg  in_tail$clock;
    reg  in_tail$d;
    wire  in_tail$q;
    reg  reply_end$clock;
    reg  [6:0] reply_end$d;
    wire  [6:0] reply_end$q;
    reg  reply_crc$clock;
    reg  [15:0] reply_crc$d;
    wire  [15:0] reply_crc$q;
    reg  [15:0] crc$sum;
    reg  [7:0] crc$data;
    wire  [15:0] crc$next_sum;
    reg  [31:0] digest$sum;
    reg  [7:0] digest$data;
    wire  [31:0] digest$next_sum;
    
    // Local signals
    reg  ending;
    reg  [6:0] final_byte;
    reg  [6:0] final_check;
    reg  [7:0] hash_byte;
    reg  [1:0] hash_place;
    reg  [7:0] fault;
    reg  [6:0] tail;
    reg  [6:0] from_tail;
    
    // Sub module instances
    frame_handler$turn turn(..);
    frame_handler$number number(..);
    frame_handler$command command(..);
    frame_handler$refusal refusal(..);
    frame_handler$place place(..);
    frame_handler$at_hand at_hand(..);
    frame_handler$last_number last_number(..);
    frame_handler$hash hash(..);
    frame_handler$loaded loaded(..);
    frame_handler$open open(..);
    frame_handler$bad_frames bad_frames(..);
    frame_handler$repeats repeats(..);
    frame_handler$count count(..);
    frame_handler$reply_base reply_base(..);
    frame_handler$in_tail in_tail(..);
    frame_handler$reply_end reply_end(..);
    frame_handler$reply_crc reply_crc(..);
    frame_handler$crc crc(..);
    frame_handler$digest digest(..);
    
    // Update code
    always @(*) begin
        turn$clock = clock;
        number$clock = clock;
        command$clock = clock;
        refusal$clock = clock;
        place$clock = clock;
        at_hand$clock = clock;
        last_number$clock = clock;
        hash$clock = clock;
        loaded$clock = clock;
        open$clock = clock;
        turn$d = turn$q;
        number$d = number$q;
        command$d = command$q;
        refusal$d = refusal$q;
        place$d = place$q;
        at_hand$d = at_hand$q;
        last_number$d = last_number$q;
        hash$d = hash$q;
        loaded$d = loaded$q;
        open$d = open$q;
        bad_frames$clock = clock;
        repeats$clock = clock;
        count$clock = clock;
        reply_base$clock = clock;
        in_tail$clock = clock;
        reply_end$clock = clock;
        reply_crc$clock = clock;
        bad_frames$d = bad_frames$q;
        repeats$d = repeats$q;
        count$d = count$q;
        reply_base$d = reply_base$q;
        in_tail$d = in_tail$q;
        reply_end$d = reply_end$q;
        reply_crc$d = reply_crc$q;
        request[(64'h0)+:(8)] = command$q;
        request[(64'hf)+:(8)] = content;
        request[(64'h17)+:(7)] = at_hand$q;
        request[(64'h8)+:(7)] = length - 32'h4;
        request[(64'h22)+:(7)] = place$q;
        request[(64'h20)+:(1)] = loaded$q;
        request[(64'h21)+:(1)] = open$q;
        final_byte = length - 32'h2;
        final_check = decision[(64'h8)+:(7)] - 32'h1;
        request[(64'h1e)+:(1)] = turn$q == Turn$Check;
        ending = at_hand$q == final_check;
        request[(64'h1f)+:(1)] = turn$q == Turn$Commit;
        address = place$q;
        finished = 1'b0;
        write = 1'b0;
        send = 1'b0;
        reply_last = reply_end$q;
        start = 1'b0;
        clear = 1'b0;
        count$d = count$q + 32'h1;
        hash_place = ((place$q) & 2'h3) + 32'h1;
        if (turn$q == Turn$Check) begin
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
        fault = decision[(64'hf)+:(8)];
        if (command$q == command_seal) begin
            fault = ((32'h0) & 8'hff);
            if (content != hash_byte) begin
                fault = wrong_hash;
            end
        end
        digest$sum = hash$q;
        digest$data = content;
        crc$sum = reply_crc$q;
        tail = decision[(64'h28)+:(7)];
        from_tail = decision[(64'h28)+:(7)] - place$q;
        write_data = decision[(64'h20)+:(8)];
        if (decision[(64'h2f)+:(1)]) begin
            case (from_tail)
                1:
                    begin
                        write_data = ((count$q >> 32'h18) & 8'hff);
                    end
                2:
                    begin
                        write_data = ((count$q >> 32'h10) & 8'hff);
                    end
                3:
                    begin
                        write_data = ((count$q >> 32'h8) & 8'hff);
                    end
                4:
                    begin
                        write_data = ((count$q) & 8'hff);
                    end
                default:
                    begin
                    end
            endcase
        end
        if (command$q == command_identify) begin
            case (place$q)
                2:
                    begin
                        write_data = version;
                    end
                6:
                    begin
                        write_data = ((loaded$q) & 8'hff);
                    end
                default:
                    begin
                    end
            endcase
            if ((place$q > ((32'h6) & 7'h7f)) & (place$q < ((32'hb) & 7'h7f))) begin
                write_data = ((32'h0) & 8'hff);
                if (loaded$q) begin
                    write_data = hash_byte;
                end
            end
        end
        if (command$q == command_status) begin
            case (place$q)
                2:
                    begin
                        write_data = ((loaded$q) & 8'hff);
                    end
                6:
                    begin
                        write_data = ((bad_frames$q) & 8'hff);
                    end
                7:
                    begin
                        write_data = ((bad_frames$q >> 32'h8) & 8'hff);
                    end
                8:
                    begin
                        write_data = ((repeats$q) & 8'hff);
                    end
                9:
                    begin
                        write_data = ((repeats$q >> 32'h8) & 8'hff);
                    end
                default:
                    begin
                    end
            endcase
        end
        if (refusal$q != ((32'h0) & 8'hff)) begin
            tail = ((32'h2) & 7'h7f);
        end
        if (place$q == ((32'h0) & 7'h7f)) begin
            write_data = number$q;
        end
        if (place$q == ((32'h1) & 7'h7f)) begin
            write_data = refusal$q;
        end
        case (turn$q)
            Turn$Idle:
                begin
                    place$d = 32'h0;
                    reply_base$d = 1'b0;
                    in_tail$d = 1'b0;
                    reply_crc$d = 32'h0;
                    refusal$d = 32'h0;
                    if (waiting) begin
                        count$d = ((32'h1) & 32'hffffffff);
                        place$d = ((32'h1) & 7'h7f);
                        turn$d = Turn$Number;
                        if (~intact) begin
                            bad_frames$d = bad_frames$q + 32'h1;
                            refusal$d = bad_frame;
                            number$d = 32'h0;
                            reply_base$d = 1'b1;
                            place$d = 32'h0;
                            turn$d = Turn$Reply;
                        end
                    end
                end
            Turn$Number:
                begin
                    number$d = content;
                    place$d = ((32'h2) & 7'h7f);
                    turn$d = Turn$Command;
                end
            Turn$Command:
                begin
                    command$d = content;
                    turn$d = Turn$Decide;
                end
            Turn$Decide:
                begin
                    if ((number$q == last_number$q) & (number$q != ((32'h0) & 8'hff)) & (command$q != command_identify)) begin
                        repeats$d = repeats$q + 32'h1;
                        turn$d = Turn$Send;
                        send = 1'b1;
                    end
                    else begin
                        last_number$d = number$q;
                        if (command$q == command_identify) begin
                            last_number$d = 32'h0;
                        end
                        refusal$d = decision[(64'h0)+:(8)];
                        turn$d = Turn$Fetch;
                        if ((decision[(64'h0)+:(8)] != ((32'h0) & 8'hff)) | (decision[(64'h8)+:(7)] == ((32'h0) & 7'h7f))) begin
                            place$d = 32'h0;
                            turn$d = Turn$Reply;
                            if (decision[(64'h0)+:(8)] == ((32'h0) & 8'hff)) begin
                                clear = command$q == command_clear;
                                if (decision[(64'h18)+:(1)]) begin
                                    start = 1'b1;
                                    turn$d = Turn$Work;
                                end
                            end
                        end
                    end
                end
            Turn$Fetch:
                begin
                    at_hand$d = place$q - 32'h2;
                    place$d = place$q + 32'h1;
                    turn$d = Turn$Check;
                end
            Turn$Check:
                begin
                    turn$d = Turn$Fetch;
                    refusal$d = fault;
                    if (fault != ((32'h0) & 8'hff)) begin
                        place$d = 32'h0;
                        turn$d = Turn$Reply;
                    end
                    else begin
                        if (ending) begin
                            place$d = 32'h0;
                            turn$d = Turn$Reply;
                            if (decision[(64'h18)+:(1)]) begin
                                start = 1'b1;
                                turn$d = Turn$Work;
                            end
                            if (decision[(64'h17)+:(1)]) begin
                                place$d = ((32'h2) & 7'h7f);
                                turn$d = Turn$Advance;
                            end
                            if (command$q == command_seal) begin
                                loaded$d = 1'b1;
                                open$d = 1'b0;
                                clear = 1'b1;
                            end
                            if (command$q == command_begin) begin
                                loaded$d = 1'b0;
                                open$d = 1'b1;
                                clear = 1'b1;
                                hash$d = 32'h0;
                            end
                        end
                    end
                end
            Turn$Advance:
                begin
                    at_hand$d = place$q - 32'h2;
                    place$d = place$q + 32'h1;
                    turn$d = Turn$Commit;
                end
            Turn$Commit:
                begin
                    if (open$q) begin
                        hash$d = digest$next_sum;
                    end
                    turn$d = Turn$Advance;
                    if (place$q == final_byte) begin
                        place$d = 32'h0;
                        turn$d = Turn$Reply;
                    end
                end
            Turn$Work:
                begin
                    address = decision[(64'h19)+:(7)] + 32'h2;
                    if (~busy) begin
                        count$d = count$q;
                        turn$d = Turn$Reply;
                    end
                end
            Turn$Reply:
                begin
                    count$d = count$q;
                    if (place$q == tail) begin
                        write_data = ((reply_crc$q >> 32'h8) & 8'hff);
                    end
                    if (in_tail$q) begin
                        write_data = ((reply_crc$q) & 8'hff);
                    end
                    write = 1'b1;
                    turn$d = Turn$Digest;
                end
            Turn$Digest:
                begin
                    count$d = count$q;
                    place$d = place$q + 32'h1;
                    in_tail$d = place$q == tail;
                    turn$d = Turn$Reply;
                    if (place$q < tail) begin
                        reply_crc$d = crc$next_sum;
                    end
                    if (in_tail$q) begin
                        send = 1'b1;
                        turn$d = Turn$Send;
                        if (~reply_base$q) begin
                            reply_last = place$q + 32'h1;
                            reply_end$d = place$q + 32'h1;
                        end
                    end
                end
            default:
                begin
                    if (~sending) begin
                        finished = 1'b1;
                        turn$d = Turn$Idle;
                    end
                end
        endcase
        crc$data = write_data;
        write_address = place$q;
        reply_first = ((32'h0) & 7'h7f);
        if (reply_base$q) begin
            write_address = place$q | ((32'h40) & 7'h7f);
            reply_first = ((32'h40) & 7'h7f);
            reply_last = ((32'h44) & 7'h7f);
        end
    end
    
endmodule
