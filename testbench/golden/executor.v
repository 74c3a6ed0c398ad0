module executor(clock,waiting,intact,length,content,sending,busy,position,sentences,forgotten,answer,logit,address,finished,write,write_address,write_data,send,reply_first,reply_last,start,question,last_position,clear,load,settings,score,centre,align,loaded);
    
    // Module arguments
    input wire  clock;
    input wire  waiting;
    input wire  intact;
    input wire  [6:0] length;
    input wire  [7:0] content;
    input wire  sending;
    input wire  busy;
    input wire  [3:0] position;
    input wire  [6:0] sentences;
    input wire  [15:0] forgotten;
    input wire  [7:0] answer;
    input wire  [21:0] logit;
    output reg  [6:0] address;
    output reg  finished;
    output reg  write;
    output reg  [6:0] write_address;
    output reg  [7:0] write_data;
    output reg  send;
    output reg  [6:0] reply_first;
    output reg  [6:0] reply_last;
    output reg  start;
    output reg  question;
    output reg  [3:0] last_position;
    output reg  clear;
    output reg  [35:0] load;
    output reg  [28:0] settings;
    output reg  [3:0] score;
    output reg  [7:0] centre;
    output reg  [3:0] align;
    output reg  loaded;
    
    // Constant declarations
    localparam  version = 8'h3;
    localparam  geometry = 8'h4;
    localparam  addressing = 8'h0;
    localparam  weights = 8'h0;
    localparam  most_graded = 8'h1;
    localparam  lanes = 8'h4;
    localparam  elements = 8'h8;
    localparam  slots = 8'h8;
    localparam  words = 8'h18;
    localparam  positions = 8'h8;
    localparam  row_bytes = 7'b1010;
    localparam  final_pair = 5'b1;
    localparam  most_hops = 8'hf;
    localparam  most_shift = 8'hf;
    localparam  most_align = 8'he;
    localparam  base_b = 10'b11000;
    localparam  base_c = 10'b110000;
    localparam  base_w = 10'b1001000;
    localparam  base_h = 10'b1100000;
    localparam  base_position = 10'b1101000;
    localparam  bad_frame = 8'h1;
    localparam  unknown_command = 8'h2;
    localparam  bad_length = 8'h3;
    localparam  not_loaded = 8'h4;
    localparam  too_long = 8'h5;
    localparam  unknown_word = 8'h6;
    localparam  wrong_geometry = 8'h7;
    localparam  wrong_hash = 8'h8;
    localparam  no_story = 8'h9;
    localparam  identify = 8'h1;
    localparam  order_begin = 8'h2;
    localparam  order_row = 8'h3;
    localparam  order_seal = 8'h4;
    localparam  order_clear = 8'h5;
    localparam  order_sentence = 8'h6;
    localparam  order_question = 8'h7;
    localparam  order_status = 8'h8;
    
    // Enums
    localparam Step$Idle = 0;
    localparam Step$Number = 1;
    localparam Step$Order = 2;
    localparam Step$Decide = 3;
    localparam Step$Fetch = 4;
    localparam Step$Check = 5;
    localparam Step$Advance = 6;
    localparam Step$Commit = 7;
    localparam Step$Work = 8;
    localparam Step$Reply = 9;
    localparam Step$Digest = 10;
    localparam Step$Send = 11;
    
    // Stub signals
    reg  step$clock;
    reg  [3:0] step$d;
    wire  [3:0] step$q;
    reg  number$clock;
    reg  [7:0] number$d;
    wire  [7:0] number$q;
    reg  order$clock;
    reg  [7:0] order$d;
    wire  [7:0] order$q;
    reg  refusal$clock;
    reg  [7:0] refusal$d;
    wire  [7:0] refusal$q;
    reg  cursor$clock;
    reg  [6:0] cursor$d;
    wire  [6:0] cursor$q;
    reg  ordinal$clock;
    reg  [6:0] ordinal$d;
    wire  [6:0] ordinal$q;
    reg  last_number$clock;
    reg  [7:0] last_number$d;
    wire  [7:0] last_number$q;
    reg  region$clock;
    reg  [2:0] region$d;
    wire  [2:0] region$q;
    reg  row$clock;
    reg  [7:0] row$d;
    wire  [7:0] row$q;
    reg  even$clock;
    reg  [7:0] even$d;
    wire  [7:0] even$q;
    reg  pair$clock;
    reg  [4:0] pair$d;
    wire  [4:0] pair$q;
    reg  fold$clock;
    reg  [1:0] fold$d;
    wire  [1:0] fold$q;
    reg  hash$clock;
    reg  [31:0] hash$d;
    wire  [31:0] hash$q;
    reg  tight$clock;
    reg  tight$d;
    wire  tight$q;
    reg  sealed$clock;
    reg  sealed$d;
    wire  sealed$q;
    reg  loading$clock;
    reg  loading$d;
    wire  loading$q;
    reg  bad_frames$clock;
    reg  [15:0] bad_frames$d;
    wire  [15:0] bad_frames$q;
    reg  repeats$clock;
    reg  [15:0] repeats$d;
    wire  [15:0] repeats$q;
    reg  cycles$clock;
    reg  [31:0] cycles$d;
    wire  [31:0] cycles$q;
    reg  stored$clock;
    reg  [28:0] stored$d;
    wire  [28:0] stored$q;
    reg  stored_score$clock;
    reg  [3:0] stored_score$d;
    wire  [3:0] stored_score$q;
    reg  stored_centre$clock;
    reg  [7:0] stored_centre$d;
    wire  [7:0] stored_centre$q;
    reg  stored_align$clock;
    reg  [3:0] stored_align$d;
    wire  [3:0] stored_align$q;
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
    reg  [7:0] octet;
    reg  [6:0] payload;
    reg  [6:0] final_byte;
    reg  [6:0] expected;
    reg  asks;
    reg  [7:0] least;
    reg  [7:0] most;
    reg  [7:0] rows;
    reg  [7:0] hash_byte;
    reg  wrong;
    reg  codes;
    reg  [9:0] base;
    reg  [35:0] item;
    reg  [7:0] verdict;
    reg  [6:0] reply_tail;
    reg  narrow;
    
    // Sub module instances
    executor$step step(
        .clock(step$clock),
        .d(step$d),
        .q(step$q)
    );
    executor$number number(
        .clock(number$clock),
        .d(number$d),
        .q(number$q)
    );
    executor$order order(
        .clock(order$clock),
        .d(order$d),
        .q(order$q)
    );
    executor$refusal refusal(
        .clock(refusal$clock),
        .d(refusal$d),
        .q(refusal$q)
    );
    executor$cursor cursor(
        .clock(cursor$clock),
        .d(cursor$d),
        .q(cursor$q)
    );
    executor$ordinal ordinal(
        .clock(ordinal$clock),
        .d(ordinal$d),
        .q(ordinal$q)
    );
    executor$last_number last_number(
        .clock(last_number$clock),
        .d(last_number$d),
        .q(last_number$q)
    );
    executor$region region(
        .clock(region$clock),
        .d(region$d),
        .q(region$q)
    );
    executor$row row(
        .clock(row$clock),
        .d(row$d),
        .q(row$q)
    );
    executor$even even(
        .clock(even$clock),
        .d(even$d),
        .q(even$q)
    );
    executor$pair pair(
        .clock(pair$clock),
        .d(pair$d),
        .q(pair$q)
    );
    executor$fold fold(
        .clock(fold$clock),
        .d(fold$d),
        .q(fold$q)
    );
    executor$hash hash(
        .clock(hash$clock),
        .d(hash$d),
        .q(hash$q)
    );
    executor$tight tight(
        .clock(tight$clock),
        .d(tight$d),
        .q(tight$q)
    );
    executor$sealed sealed(
        .clock(sealed$clock),
        .d(sealed$d),
        .q(sealed$q)
    );
    executor$loading loading(
        .clock(loading$clock),
        .d(loading$d),
        .q(loading$q)
    );
    executor$bad_frames bad_frames(
        .clock(bad_frames$clock),
        .d(bad_frames$d),
        .q(bad_frames$q)
    );
    executor$repeats repeats(
        .clock(repeats$clock),
        .d(repeats$d),
        .q(repeats$q)
    );
    executor$cycles cycles(
        .clock(cycles$clock),
        .d(cycles$d),
        .q(cycles$q)
    );
    executor$stored stored(
        .clock(stored$clock),
        .d(stored$d),
        .q(stored$q)
    );
    executor$stored_score stored_score(
        .clock(stored_score$clock),
        .d(stored_score$d),
        .q(stored_score$q)
    );
    executor$stored_centre stored_centre(
        .clock(stored_centre$clock),
        .d(stored_centre$d),
        .q(stored_centre$q)
    );
    executor$stored_align stored_align(
        .clock(stored_align$clock),
        .d(stored_align$d),
        .q(stored_align$q)
    );
    executor$reply_base reply_base(
        .clock(reply_base$clock),
        .d(reply_base$d),
        .q(reply_base$q)
    );
    executor$in_tail in_tail(
        .clock(in_tail$clock),
        .d(in_tail$d),
        .q(in_tail$q)
    );
    executor$reply_end reply_end(
        .clock(reply_end$clock),
        .d(reply_end$d),
        .q(reply_end$q)
    );
    executor$reply_crc reply_crc(
        .clock(reply_crc$clock),
        .d(reply_crc$d),
        .q(reply_crc$q)
    );
    executor$crc crc(
        .sum(crc$sum),
        .data(crc$data),
        .next_sum(crc$next_sum)
    );
    executor$digest digest(
        .sum(digest$sum),
        .data(digest$data),
        .next_sum(digest$next_sum)
    );
    
    // Update code
    always @(*) begin
        step$clock = clock;
        number$clock = clock;
        order$clock = clock;
        refusal$clock = clock;
        cursor$clock = clock;
        ordinal$clock = clock;
        last_number$clock = clock;
        region$clock = clock;
        row$clock = clock;
        even$clock = clock;
        pair$clock = clock;
        fold$clock = clock;
        hash$clock = clock;
        step$d = step$q;
        number$d = number$q;
        order$d = order$q;
        refusal$d = refusal$q;
        cursor$d = cursor$q;
        ordinal$d = ordinal$q;
        last_number$d = last_number$q;
        region$d = region$q;
        row$d = row$q;
        even$d = even$q;
        pair$d = pair$q;
        fold$d = fold$q;
        hash$d = hash$q;
        sealed$clock = clock;
        loading$clock = clock;
        bad_frames$clock = clock;
        repeats$clock = clock;
        cycles$clock = clock;
        stored$clock = clock;
        stored_score$clock = clock;
        stored_centre$clock = clock;
        stored_align$clock = clock;
        sealed$d = sealed$q;
        loading$d = loading$q;
        bad_frames$d = bad_frames$q;
        repeats$d = repeats$q;
        cycles$d = cycles$q;
        stored$d = stored$q;
        stored_score$d = stored_score$q;
        stored_centre$d = stored_centre$q;
        stored_align$d = stored_align$q;
        tight$clock = clock;
        reply_base$clock = clock;
        in_tail$clock = clock;
        reply_end$clock = clock;
        reply_crc$clock = clock;
        tight$d = tight$q;
        reply_base$d = reply_base$q;
        in_tail$d = in_tail$q;
        reply_end$d = reply_end$q;
        reply_crc$d = reply_crc$q;
        octet = content;
        payload = length - 32'h4;
        final_byte = length - 32'h2;
        asks = (order$q == order_sentence) | (order$q == order_question);
        address = cursor$q;
        finished = 1'b0;
        write = 1'b0;
        send = 1'b0;
        reply_last = reply_end$q;
        start = 1'b0;
        question = order$q == order_question;
        last_position = ((payload) & 4'hf) - 32'h1;
        clear = 1'b0;
        cycles$d = cycles$q + 32'h1;
        rows = words;
        if (region$q == ((32'h4) & 3'h7)) begin
            rows = elements;
        end
        if (region$q == ((32'h5) & 3'h7)) begin
            rows = positions;
        end
        if (region$q > ((32'h5) & 3'h7)) begin
            rows = slots;
        end
        hash_byte = ((hash$q) & 8'hff);
        case (ordinal$q)
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
        least = ((32'h0) & 8'hff);
        most = stored$q[(64'h4)+:(8)] - 32'h1;
        narrow = 1'b0;
        if (order$q == order_begin) begin
            most = most_shift;
            case (ordinal$q)
                0:
                    begin
                        least = ((32'h1) & 8'hff);
                        most = most_hops;
                    end
                1:
                    begin
                        least = ((32'h1) & 8'hff);
                        most = words;
                    end
                4:
                    begin
                        narrow = octet == ((32'hf) & 8'hff);
                    end
                6:
                    begin
                        most = ((32'hff) & 8'hff);
                    end
                7:
                    begin
                        most = most_align;
                        narrow = (octet == ((32'h0) & 8'hff)) | (octet == ((32'he) & 8'hff));
                    end
                8:
                    begin
                        narrow = (octet < ((32'h2) & 8'hff)) | (octet == ((32'hf) & 8'hff));
                    end
                9:
                    begin
                        most = most_graded;
                        if (tight$q) begin
                            most = ((32'h0) & 8'hff);
                        end
                    end
                default:
                    begin
                    end
            endcase
        end
        if (order$q == order_row) begin
            most = ((32'h7) & 8'hff);
            if (ordinal$q == ((32'h1) & 7'h7f)) begin
                most = rows - 32'h1;
            end
        end
        if (order$q == order_seal) begin
            least = hash_byte;
            most = hash_byte;
        end
        wrong = (octet < least) | (octet > most);
        base = ((32'h0) & 10'h3ff);
        case (region$q)
            1:
                begin
                    base = base_b;
                end
            2:
                begin
                    base = base_c;
                end
            3:
                begin
                    base = base_w;
                end
            4:
                begin
                    base = base_h;
                end
            5:
                begin
                    base = base_position;
                end
            default:
                begin
                end
        endcase
        codes = (step$q == Step$Commit) & (order$q == order_row) & (ordinal$q > ((32'h1) & 7'h7f)) & ordinal$q[32'h0];
        item[(64'h0)+:(1)] = codes & (region$q < ((32'h6) & 3'h7));
        item[(64'h1)+:(1)] = codes & (region$q == ((32'h6) & 3'h7));
        item[(64'h2)+:(1)] = codes & (region$q == ((32'h7) & 3'h7));
        item[(64'h3)+:(5)] = pair$q;
        item[(64'h8)+:(10)] = base + ((row$q) & 10'h3ff);
        item[(64'h12)+:(2)] = fold$q;
        item[(64'h14)+:(8)] = even$q;
        item[(64'h1c)+:(8)] = octet;
        digest$sum = hash$q;
        digest$data = octet;
        expected = ((32'h0) & 7'h7f);
        if (order$q == order_begin) begin
            expected = ((32'ha) & 7'h7f);
        end
        if (order$q == order_row) begin
            expected = row_bytes;
        end
        if (order$q == order_seal) begin
            expected = ((32'h4) & 7'h7f);
        end
        verdict = ((32'h0) & 8'hff);
        if (asks & (payload > ((positions) & 7'h7f))) begin
            verdict = too_long;
        end
        if (asks & ~sealed$q) begin
            verdict = not_loaded;
        end
        if (((order$q == order_row) | (order$q == order_seal)) & ~loading$q) begin
            verdict = not_loaded;
        end
        if (~asks & (payload != expected)) begin
            verdict = bad_length;
        end
        if (asks & (payload == ((32'h0) & 7'h7f))) begin
            verdict = bad_length;
        end
        if ((order$q < identify) | (order$q > order_status)) begin
            verdict = unknown_command;
        end
        crc$sum = reply_crc$q;
        write_data = ((32'h0) & 8'hff);
        reply_tail = ((32'h2) & 7'h7f);
        if (refusal$q == ((32'h0) & 8'hff)) begin
            if (order$q == identify) begin
                reply_tail = ((32'h10) & 7'h7f);
                case (cursor$q)
                    2:
                        begin
                            write_data = version;
                        end
                    3:
                        begin
                            write_data = geometry;
                        end
                    4:
                        begin
                            write_data = addressing;
                        end
                    5:
                        begin
                            write_data = weights;
                        end
                    6:
                        begin
                            write_data = ((sealed$q) & 8'hff);
                        end
                    11:
                        begin
                            write_data = lanes;
                        end
                    12:
                        begin
                            write_data = elements;
                        end
                    13:
                        begin
                            write_data = slots;
                        end
                    14:
                        begin
                            write_data = words;
                        end
                    15:
                        begin
                            write_data = positions;
                        end
                    default:
                        begin
                        end
                endcase
                if (sealed$q) begin
                    case (cursor$q)
                        7:
                            begin
                                write_data = ((hash$q) & 8'hff);
                            end
                        8:
                            begin
                                write_data = ((hash$q >> 32'h8) & 8'hff);
                            end
                        9:
                            begin
                                write_data = ((hash$q >> 32'h10) & 8'hff);
                            end
                        10:
                            begin
                                write_data = ((hash$q >> 32'h18) & 8'hff);
                            end
                        default:
                            begin
                            end
                    endcase
                end
            end
            if (order$q == order_sentence) begin
                reply_tail = ((32'h3) & 7'h7f);
                write_data = ((sentences) & 8'hff);
            end
            if (order$q == order_question) begin
                reply_tail = ((32'hb) & 7'h7f);
                case (cursor$q)
                    2:
                        begin
                            write_data = answer;
                        end
                    3:
                        begin
                            write_data = ((logit) & 8'hff);
                        end
                    4:
                        begin
                            write_data = ((logit >> 32'h8) & 8'hff);
                        end
                    5:
                        begin
                            write_data = ((logit >> 32'h10) & 8'hff);
                            if (logit[32'h15]) begin
                                write_data = ((logit >> 32'h10) & 8'hff) | ((32'hc0) & 8'hff);
                            end
                        end
                    6:
                        begin
                            if (logit[32'h15]) begin
                                write_data = ((32'hff) & 8'hff);
                            end
                        end
                    7:
                        begin
                            write_data = ((cycles$q) & 8'hff);
                        end
                    8:
                        begin
                            write_data = ((cycles$q >> 32'h8) & 8'hff);
                        end
                    9:
                        begin
                            write_data = ((cycles$q >> 32'h10) & 8'hff);
                        end
                    10:
                        begin
                            write_data = ((cycles$q >> 32'h18) & 8'hff);
                        end
                    default:
                        begin
                        end
                endcase
            end
            if (order$q == order_status) begin
                reply_tail = ((32'ha) & 7'h7f);
                case (cursor$q)
                    2:
                        begin
                            write_data = ((sealed$q) & 8'hff);
                        end
                    3:
                        begin
                            write_data = ((sentences) & 8'hff);
                        end
                    4:
                        begin
                            write_data = ((forgotten) & 8'hff);
                        end
                    5:
                        begin
                            write_data = ((forgotten >> 32'h8) & 8'hff);
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
        end
        if (cursor$q == ((32'h0) & 7'h7f)) begin
            write_data = number$q;
        end
        if (cursor$q == ((32'h1) & 7'h7f)) begin
            write_data = refusal$q;
        end
        case (step$q)
            Step$Idle:
                begin
                    cursor$d = 32'h0;
                    reply_base$d = 1'b0;
                    in_tail$d = 1'b0;
                    reply_crc$d = 32'h0;
                    pair$d = 32'h0;
                    fold$d = 32'h0;
                    tight$d = 1'b0;
                    refusal$d = 32'h0;
                    if (waiting) begin
                        cycles$d = ((32'h1) & 32'hffffffff);
                        cursor$d = ((32'h1) & 7'h7f);
                        step$d = Step$Number;
                        if (~intact) begin
                            bad_frames$d = bad_frames$q + 32'h1;
                            refusal$d = bad_frame;
                            number$d = 32'h0;
                            reply_base$d = 1'b1;
                            cursor$d = 32'h0;
                            step$d = Step$Reply;
                        end
                    end
                end
            Step$Number:
                begin
                    number$d = octet;
                    cursor$d = ((32'h2) & 7'h7f);
                    step$d = Step$Order;
                end
            Step$Order:
                begin
                    order$d = octet;
                    step$d = Step$Decide;
                end
            Step$Decide:
                begin
                    if ((number$q == last_number$q) & (number$q != ((32'h0) & 8'hff)) & (order$q != identify)) begin
                        repeats$d = repeats$q + 32'h1;
                        step$d = Step$Send;
                        send = 1'b1;
                    end
                    else begin
                        last_number$d = number$q;
                        if (order$q == identify) begin
                            last_number$d = 32'h0;
                        end
                        refusal$d = verdict;
                        step$d = Step$Fetch;
                        if ((verdict != ((32'h0) & 8'hff)) | (payload == ((32'h0) & 7'h7f))) begin
                            clear = (order$q == order_clear) & (verdict == ((32'h0) & 8'hff));
                            cursor$d = 32'h0;
                            step$d = Step$Reply;
                        end
                    end
                end
            Step$Fetch:
                begin
                    ordinal$d = cursor$q - 32'h2;
                    cursor$d = cursor$q + 32'h1;
                    step$d = Step$Check;
                end
            Step$Check:
                begin
                    step$d = Step$Fetch;
                    tight$d = tight$q | narrow;
                    if (order$q == order_row) begin
                        if (ordinal$q == ((32'h0) & 7'h7f)) begin
                            region$d = ((octet) & 3'h7);
                        end
                        else begin
                            row$d = octet;
                        end
                    end
                    refusal$d = ((32'h0) & 8'hff);
                    if ((cursor$q == final_byte) | ((order$q == order_row) & (ordinal$q == ((32'h1) & 7'h7f)))) begin
                        cursor$d = ((32'h2) & 7'h7f);
                        step$d = Step$Advance;
                        if (asks) begin
                            cursor$d = 32'h0;
                            step$d = Step$Work;
                            start = 1'b1;
                            if ((sentences == ((32'h0) & 7'h7f)) & (order$q == order_question)) begin
                                start = 1'b0;
                                refusal$d = no_story;
                                step$d = Step$Reply;
                            end
                        end
                        if (order$q == order_seal) begin
                            cursor$d = 32'h0;
                            step$d = Step$Reply;
                            if (~wrong) begin
                                sealed$d = 1'b1;
                                loading$d = 1'b0;
                            end
                        end
                        if (order$q == order_begin) begin
                            if (~wrong) begin
                                sealed$d = 1'b0;
                                loading$d = 1'b1;
                                clear = 1'b1;
                                hash$d = 32'h0;
                            end
                        end
                    end
                    if (wrong) begin
                        refusal$d = wrong_geometry;
                        if (asks) begin
                            refusal$d = unknown_word;
                        end
                        if (order$q == order_seal) begin
                            refusal$d = wrong_hash;
                        end
                        start = 1'b0;
                        cursor$d = 32'h0;
                        step$d = Step$Reply;
                    end
                end
            Step$Advance:
                begin
                    ordinal$d = cursor$q - 32'h2;
                    cursor$d = cursor$q + 32'h1;
                    step$d = Step$Commit;
                end
            Step$Commit:
                begin
                    hash$d = digest$next_sum;
                    even$d = octet;
                    if (codes) begin
                        pair$d = pair$q + 32'h1;
                        if (pair$q == final_pair) begin
                            pair$d = 32'h0;
                            fold$d = fold$q + 32'h1;
                        end
                    end
                    if (order$q == order_begin) begin
                        case (ordinal$q)
                            0:
                                begin
                                    stored$d[(64'h0)+:(4)] = ((octet) & 4'hf);
                                end
                            1:
                                begin
                                    stored$d[(64'h4)+:(8)] = octet;
                                end
                            2:
                                begin
                                    stored$d[(64'hc)+:(4)] = ((octet) & 4'hf);
                                end
                            3:
                                begin
                                    stored$d[(64'h10)+:(4)] = ((octet) & 4'hf);
                                end
                            4:
                                begin
                                    stored$d[(64'h14)+:(4)] = ((octet) & 4'hf);
                                end
                            5:
                                begin
                                    stored_score$d = ((octet) & 4'hf);
                                end
                            6:
                                begin
                                    stored_centre$d = octet;
                                end
                            7:
                                begin
                                    stored_align$d = ((octet) & 4'hf);
                                end
                            8:
                                begin
                                    stored$d[(64'h18)+:(4)] = ((octet) & 4'hf);
                                end
                            default:
                                begin
                                    stored$d[(64'h1c)+:(1)] = octet[32'h0];
                                end
                        endcase
                    end
                    step$d = Step$Advance;
                    if (cursor$q == final_byte) begin
                        cursor$d = 32'h0;
                        step$d = Step$Reply;
                    end
                end
            Step$Work:
                begin
                    address = ((position) & 7'h7f) + 32'h2;
                    if (~busy) begin
                        cycles$d = cycles$q;
                        step$d = Step$Reply;
                    end
                end
            Step$Reply:
                begin
                    cycles$d = cycles$q;
                    if (cursor$q == reply_tail) begin
                        write_data = ((reply_crc$q >> 32'h8) & 8'hff);
                    end
                    if (in_tail$q) begin
                        write_data = ((reply_crc$q) & 8'hff);
                    end
                    write = 1'b1;
                    step$d = Step$Digest;
                end
            Step$Digest:
                begin
                    cycles$d = cycles$q;
                    cursor$d = cursor$q + 32'h1;
                    in_tail$d = cursor$q == reply_tail;
                    step$d = Step$Reply;
                    if (cursor$q < reply_tail) begin
                        reply_crc$d = crc$next_sum;
                    end
                    if (in_tail$q) begin
                        send = 1'b1;
                        step$d = Step$Send;
                        if (~reply_base$q) begin
                            reply_last = cursor$q + 32'h1;
                            reply_end$d = cursor$q + 32'h1;
                        end
                    end
                end
            default:
                begin
                    if (~sending) begin
                        finished = 1'b1;
                        step$d = Step$Idle;
                    end
                end
        endcase
        crc$data = write_data;
        write_address = cursor$q;
        reply_first = ((32'h0) & 7'h7f);
        if (reply_base$q) begin
            write_address = cursor$q | ((32'h40) & 7'h7f);
            reply_first = ((32'h40) & 7'h7f);
            reply_last = ((32'h44) & 7'h7f);
        end
        load = item;
        settings = stored$q;
        score = stored_score$q;
        centre = stored_centre$q;
        align = stored_align$q;
        loaded = sealed$q;
    end
    
endmodule
