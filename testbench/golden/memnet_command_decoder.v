module memnet_command_decoder(clock,request,sentences,forgotten,answer,logit,asked,decision,settings,score,centre,align,padding,load,question,last_position);
    
    // Module arguments
    input wire  clock;
    input wire  [41:0] request;
    input wire  [6:0] sentences;
    input wire  [15:0] forgotten;
    input wire  [7:0] answer;
    input wire  [21:0] logit;
    input wire  [3:0] asked;
    output reg  [49:0] decision;
    output reg  [43:0] settings;
    output reg  [3:0] score;
    output reg  [7:0] centre;
    output reg  [3:0] align;
    output reg  [7:0] padding;
    output reg  [28:0] load;
    output reg  question;
    output reg  [3:0] last_position;
    
    // Constant declarations
    localparam  geometry = 8'h4;
    localparam  addressing = 8'h0;
    localparam  weights = 8'h0;
    localparam  most_graded = 8'h1;
    localparam  most_adjacent = 8'h1;
    localparam  most_padding = 8'h7;
    localparam  lanes = 8'h4;
    localparam  elements = 8'h8;
    localparam  slots = 8'h8;
    localparam  words = 8'h18;
    localparam  positions = 8'h8;
    localparam  settings_bytes = 8'he;
    localparam  row_bytes = 8'ha;
    localparam  final_pair = 5'b1;
    localparam  most_hops = 8'hf;
    localparam  most_shift = 8'hf;
    localparam  most_align = 8'he;
    localparam  base_1 = 10'b11000;
    localparam  base_2 = 10'b110000;
    localparam  base_3 = 10'b1001000;
    localparam  base_4 = 10'b1100000;
    localparam  base_position = 10'b1111000;
    localparam  diagonal = 10'b10000000;
    localparam  ring_of_one = 8'h8;
    localparam  ring_of_two = 8'h8;
    localparam  ring_of_three = 8'h4;
    localparam  unknown_command = 8'h2;
    localparam  bad_length = 8'h3;
    localparam  not_loaded = 8'h4;
    localparam  too_long = 8'h5;
    localparam  unknown_word = 8'h6;
    localparam  wrong_geometry = 8'h7;
    localparam  no_story = 8'h9;
    localparam  command_identify = 8'h1;
    localparam  command_begin = 8'h2;
    localparam  command_row = 8'h3;
    localparam  command_seal = 8'h4;
    localparam  command_sentence = 8'h6;
    localparam  command_question = 8'h7;
    localparam  command_status = 8'h8;
    
    // Stub signals
    reg  kept$clock;
    reg  [43:0] kept$d;
    wire  [43:0] kept$q;
    reg  kept_words$clock;
    reg  [7:0] kept_words$d;
    wire  [7:0] kept_words$q;
    reg  kept_padding$clock;
    reg  [7:0] kept_padding$d;
    wire  [7:0] kept_padding$q;
    reg  kept_score$clock;
    reg  [3:0] kept_score$d;
    wire  [3:0] kept_score$q;
    reg  kept_centre$clock;
    reg  [7:0] kept_centre$d;
    wire  [7:0] kept_centre$q;
    reg  kept_align$clock;
    reg  [3:0] kept_align$d;
    wire  [3:0] kept_align$q;
    reg  tight$clock;
    reg  tight$d;
    wire  tight$q;
    reg  claimed_adjacent$clock;
    reg  claimed_adjacent$d;
    wire  claimed_adjacent$q;
    reg  claimed_graded$clock;
    reg  claimed_graded$d;
    wire  claimed_graded$q;
    reg  region$clock;
    reg  [3:0] region$d;
    wire  [3:0] region$q;
    reg  row$clock;
    reg  [7:0] row$d;
    wire  [7:0] row$q;
    reg  pair$clock;
    reg  [4:0] pair$d;
    wire  [4:0] pair$q;
    reg  fold$clock;
    reg  [1:0] fold$d;
    wire  [1:0] fold$q;
    
    // Local signals
    reg  [7:0] command;
    reg  [7:0] payload;
    reg  [7:0] octet;
    reg  [7:0] ordinal;
    reg  begins;
    reg  rows;
    reg  seals;
    reg  asks;
    reg  [7:0] expected;
    reg  [7:0] final_word;
    reg  [7:0] least;
    reg  [7:0] most;
    reg  [7:0] ring;
    reg  [7:0] ring_twice;
    reg  [7:0] claimed_ring;
    reg  [7:0] last_embedding;
    reg  [7:0] last_region;
    reg  [7:0] row_count;
    reg  foreign;
    reg  wrong;
    reg  narrow;
    reg  codes;
    reg  [9:0] base;
    reg  [28:0] item;
    
    // Sub module instances
    memnet_command_decoder$kept kept(..);
    memnet_command_decoder$kept_words kept_words(..);
    memnet_command_decoder$kept_padding kept_padding(..);
    memnet_command_decoder$kept_score kept_score(..);
    memnet_command_decoder$kept_centre kept_centre(..);
    memnet_command_decoder$kept_align kept_align(..);
    memnet_command_decoder$tight tight(..);
    memnet_command_decoder$claimed_adjacent claimed_adjacent(..);
    memnet_command_decoder$claimed_graded claimed_graded(..);
    memnet_command_decoder$region region(..);
    memnet_command_decoder$row row(..);
    memnet_command_decoder$pair pair(..);
    memnet_command_decoder$fold fold(..);
    
    // Update code
    always @(*) begin
        kept$clock = clock;
        kept_words$clock = clock;
        kept_score$clock = clock;
        kept_centre$clock = clock;
        kept_padding$clock = clock;
        kept_align$clock = clock;
        tight$clock = clock;
        region$clock = clock;
        row$clock = clock;
        kept$d = kept$q;
        kept_words$d = kept_words$q;
        kept_score$d = kept_score$q;
        kept_centre$d = kept_centre$q;
        kept_padding$d = kept_padding$q;
        kept_align$d = kept_align$q;
        tight$d = tight$q;
        region$d = region$q;
        row$d = row$q;
        claimed_graded$clock = clock;
        claimed_adjacent$clock = clock;
        pair$clock = clock;
        fold$clock = clock;
        claimed_graded$d = claimed_graded$q;
        claimed_adjacent$d = claimed_adjacent$q;
        pair$d = pair$q;
        fold$d = fold$q;
        command = request[(64'h0)+:(8)];
        payload = request[(64'h8)+:(8)];
        octet = request[(64'h10)+:(8)];
        ordinal = request[(64'h18)+:(8)];
        begins = command == command_begin;
        rows = command == command_row;
        seals = command == command_seal;
        asks = (command == command_sentence) | (command == command_question);
        question = command == command_question;
        final_word = payload - 32'h1;
        last_position = ((final_word) & 4'hf);
        decision[(64'h19)+:(1)] = asks;
        decision[(64'h18)+:(1)] = begins | rows;
        decision[(64'h1a)+:(8)] = ((asked) & 8'hff);
        expected = ((32'h0) & 8'hff);
        if (begins) begin
            expected = settings_bytes;
        end
        if (rows) begin
            expected = row_bytes;
        end
        if (seals) begin
            expected = ((32'h4) & 8'hff);
        end
        decision[(64'h8)+:(8)] = payload;
        if (rows) begin
            decision[(64'h8)+:(8)] = ((32'h2) & 8'hff);
        end
        decision[(64'h0)+:(8)] = ((32'h0) & 8'hff);
        if (asks & (payload > ((positions) & 8'hff))) begin
            decision[(64'h0)+:(8)] = too_long;
        end
        if (asks & ~request[(64'h22)+:(1)]) begin
            decision[(64'h0)+:(8)] = not_loaded;
        end
        if ((rows | seals) & ~request[(64'h23)+:(1)]) begin
            decision[(64'h0)+:(8)] = not_loaded;
        end
        if (~asks & (payload != expected)) begin
            decision[(64'h0)+:(8)] = bad_length;
        end
        if (asks & (payload == ((32'h0) & 8'hff))) begin
            decision[(64'h0)+:(8)] = bad_length;
        end
        if ((command < command_identify) | (command > command_status)) begin
            decision[(64'h0)+:(8)] = unknown_command;
        end
        ring = ((kept$q[(64'h25)+:(7)]) & 8'hff);
        ring_twice = ring << 32'h1;
        claimed_ring = ring_of_one;
        if (claimed_adjacent$q & (region$q > ((32'h1) & 4'hf))) begin
            claimed_ring = ring_of_two;
            if (region$q > ((32'h3) & 4'hf)) begin
                claimed_ring = ring_of_three;
            end
        end
        last_embedding = ((32'h3) & 8'hff);
        last_region = ((32'h8) & 8'hff);
        if (kept$q[(64'h1d)+:(1)]) begin
            last_embedding = ((kept$q[(64'h0)+:(4)]) & 8'hff);
            last_region = ((kept$q[(64'h0)+:(4)]) & 8'hff) + 32'h7;
        end
        row_count = words;
        if (region$q == ((32'h5) & 4'hf)) begin
            row_count = elements;
            if (kept$q[(64'h1d)+:(1)]) begin
                row_count = ((32'h1) & 8'hff);
            end
        end
        if (region$q == ((32'h6) & 4'hf)) begin
            row_count = positions;
        end
        if (region$q > ((32'h6) & 4'hf)) begin
            row_count = ring;
        end
        least = ((32'h0) & 8'hff);
        most = kept_words$q - 32'h1;
        foreign = 1'b0;
        narrow = 1'b0;
        if (begins) begin
            most = most_shift;
            case (ordinal)
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
                2:
                    begin
                        least = ((32'h1) & 8'hff);
                        most = row$q;
                    end
                5:
                    begin
                        narrow = octet == ((32'hf) & 8'hff);
                    end
                7:
                    begin
                        most = ((32'hff) & 8'hff);
                    end
                8:
                    begin
                        most = most_padding;
                    end
                9:
                    begin
                        most = most_align;
                        narrow = (octet == ((32'h0) & 8'hff)) | (octet == ((32'he) & 8'hff));
                    end
                10:
                    begin
                        narrow = (octet < ((32'h2) & 8'hff)) | (octet == ((32'hf) & 8'hff));
                    end
                11:
                    begin
                        most = most_graded;
                        if (tight$q) begin
                            most = ((32'h0) & 8'hff);
                        end
                    end
                12:
                    begin
                        most = most_adjacent;
                        if (claimed_graded$q | (region$q > ((32'h4) & 4'hf))) begin
                            most = ((32'h0) & 8'hff);
                        end
                    end
                13:
                    begin
                        least = ((32'h1) & 8'hff);
                        most = claimed_ring;
                    end
                default:
                    begin
                    end
            endcase
        end
        if (rows) begin
            most = last_region;
            foreign = (octet > last_embedding) & (octet < ((32'h5) & 8'hff));
            if (ordinal == ((32'h1) & 8'hff)) begin
                most = row_count - 32'h1;
                foreign = 1'b0;
            end
        end
        wrong = (octet < least) | (octet > most) | foreign;
        decision[(64'h10)+:(8)] = ((32'h0) & 8'hff);
        if (question & (ordinal == final_word) & (sentences == ((32'h0) & 7'h7f))) begin
            decision[(64'h10)+:(8)] = no_story;
        end
        if (wrong) begin
            decision[(64'h10)+:(8)] = wrong_geometry;
            if (asks) begin
                decision[(64'h10)+:(8)] = unknown_word;
            end
        end
        if (request[(64'h20)+:(1)]) begin
            tight$d = narrow;
            if (ordinal != ((32'h0) & 8'hff)) begin
                tight$d = tight$q | narrow;
            end
            if (begins) begin
                case (ordinal)
                    11:
                        begin
                            claimed_graded$d = octet[32'h0];
                        end
                    12:
                        begin
                            claimed_adjacent$d = octet[32'h0];
                        end
                    default:
                        begin
                        end
                endcase
            end
            case (ordinal)
                0:
                    begin
                        region$d = ((octet) & 4'hf);
                    end
                1:
                    begin
                        row$d = octet;
                    end
                default:
                    begin
                    end
            endcase
        end
        base = ((32'h0) & 10'h3ff);
        case (region$q)
            1:
                begin
                    base = base_1;
                end
            2:
                begin
                    base = base_2;
                end
            3:
                begin
                    base = base_3;
                end
            4:
                begin
                    base = base_4;
                end
            5:
                begin
                    base = base_4;
                    if (kept$q[(64'h1d)+:(1)]) begin
                        base = diagonal;
                    end
                end
            6:
                begin
                    base = base_position;
                end
            9:
                begin
                    base = ((ring) & 10'h3ff);
                end
            10:
                begin
                    base = ((ring) & 10'h3ff);
                end
            11:
                begin
                    base = ((ring_twice) & 10'h3ff);
                end
            default:
                begin
                end
        endcase
        codes = request[(64'h21)+:(1)] & rows & (ordinal > ((32'h1) & 8'hff)) & ordinal[32'h0];
        item[(64'h1)+:(1)] = codes & (region$q < ((32'h7) & 4'hf));
        item[(64'h2)+:(1)] = codes & (region$q > ((32'h6) & 4'hf)) & region$q[32'h0];
        item[(64'h3)+:(1)] = codes & (region$q > ((32'h6) & 4'hf)) & ~region$q[32'h0];
        item[(64'h4)+:(5)] = pair$q;
        item[(64'h9)+:(10)] = ((32'h0) & 10'h3ff);
        if (codes) begin
            item[(64'h9)+:(10)] = base + ((row$q) & 10'h3ff);
        end
        item[(64'h0)+:(1)] = request[(64'h21)+:(1)] & ~ordinal[32'h0];
        item[(64'h13)+:(2)] = fold$q;
        item[(64'h15)+:(8)] = octet;
        if (request[(64'h21)+:(1)]) begin
            if (ordinal == ((32'h0) & 8'hff)) begin
                pair$d = 32'h0;
                fold$d = 32'h0;
            end
            if (codes) begin
                pair$d = pair$q + 32'h1;
                if (pair$q == final_pair) begin
                    pair$d = 32'h0;
                    fold$d = fold$q + 32'h1;
                end
            end
            if (begins) begin
                case (ordinal)
                    0:
                        begin
                            kept$d[(64'h0)+:(4)] = ((octet) & 4'hf);
                        end
                    1:
                        begin
                            kept_words$d = octet;
                        end
                    2:
                        begin
                            kept$d[(64'h4)+:(8)] = octet;
                        end
                    3:
                        begin
                            kept$d[(64'hc)+:(4)] = ((octet) & 4'hf);
                        end
                    4:
                        begin
                            kept$d[(64'h10)+:(4)] = ((octet) & 4'hf);
                        end
                    5:
                        begin
                            kept$d[(64'h14)+:(4)] = ((octet) & 4'hf);
                        end
                    6:
                        begin
                            kept_score$d = ((octet) & 4'hf);
                        end
                    7:
                        begin
                            kept_centre$d = octet;
                        end
                    8:
                        begin
                            kept_padding$d = octet;
                        end
                    9:
                        begin
                            kept_align$d = ((octet) & 4'hf);
                        end
                    10:
                        begin
                            kept$d[(64'h18)+:(4)] = ((octet) & 4'hf);
                        end
                    11:
                        begin
                            kept$d[(64'h1c)+:(1)] = octet[32'h0];
                        end
                    12:
                        begin
                            kept$d[(64'h1d)+:(1)] = octet[32'h0];
                            kept$d[(64'h25)+:(7)] = ((claimed_ring) & 7'h7f);
                        end
                    default:
                        begin
                            kept$d[(64'h1e)+:(7)] = ((octet) & 7'h7f);
                        end
                endcase
            end
        end
        decision[(64'h22)+:(8)] = ((32'h0) & 8'hff);
        decision[(64'h2a)+:(6)] = ((32'h0) & 6'h3f);
        decision[(64'h30)+:(2)] = ((32'h0) & 2'h3);
        if (command == command_identify) begin
            decision[(64'h2a)+:(6)] = ((32'he) & 6'h3f);
            case (request[(64'h24)+:(6)])
                1:
                    begin
                        decision[(64'h22)+:(8)] = geometry;
                    end
                2:
                    begin
                        decision[(64'h22)+:(8)] = addressing;
                    end
                3:
                    begin
                        decision[(64'h22)+:(8)] = weights;
                    end
                9:
                    begin
                        decision[(64'h22)+:(8)] = lanes;
                    end
                10:
                    begin
                        decision[(64'h22)+:(8)] = elements;
                    end
                11:
                    begin
                        decision[(64'h22)+:(8)] = slots;
                    end
                12:
                    begin
                        decision[(64'h22)+:(8)] = words;
                    end
                13:
                    begin
                        decision[(64'h22)+:(8)] = positions;
                    end
                default:
                    begin
                    end
            endcase
        end
        if (command == command_sentence) begin
            decision[(64'h2a)+:(6)] = ((32'h1) & 6'h3f);
            decision[(64'h22)+:(8)] = ((sentences) & 8'hff);
        end
        if (question) begin
            decision[(64'h2a)+:(6)] = ((32'h9) & 6'h3f);
            case (request[(64'h24)+:(6)])
                0:
                    begin
                        decision[(64'h22)+:(8)] = answer;
                    end
                1:
                    begin
                        decision[(64'h22)+:(8)] = ((logit) & 8'hff);
                    end
                2:
                    begin
                        decision[(64'h22)+:(8)] = ((logit >> 32'h8) & 8'hff);
                    end
                3:
                    begin
                        decision[(64'h22)+:(8)] = ((logit >> 32'h10) & 8'hff);
                        if (logit[32'h15]) begin
                            decision[(64'h22)+:(8)] = ((logit >> 32'h10) & 8'hff) | ((32'hc0) & 8'hff);
                        end
                    end
                4:
                    begin
                        if (logit[32'h15]) begin
                            decision[(64'h22)+:(8)] = ((32'hff) & 8'hff);
                        end
                    end
                5:
                    begin
                        decision[(64'h30)+:(2)] = ((32'h1) & 2'h3);
                    end
                6:
                    begin
                        decision[(64'h30)+:(2)] = ((32'h2) & 2'h3);
                    end
                default:
                    begin
                    end
            endcase
        end
        if (command == command_status) begin
            decision[(64'h2a)+:(6)] = ((32'h9) & 6'h3f);
            case (request[(64'h24)+:(6)])
                1:
                    begin
                        decision[(64'h22)+:(8)] = ((sentences) & 8'hff);
                    end
                2:
                    begin
                        decision[(64'h22)+:(8)] = ((forgotten) & 8'hff);
                    end
                3:
                    begin
                        decision[(64'h22)+:(8)] = ((forgotten >> 32'h8) & 8'hff);
                    end
                default:
                    begin
                    end
            endcase
        end
        load = item;
        settings = kept$q;
        score = kept_score$q;
        centre = kept_centre$q;
        align = kept_align$q;
        padding = kept_padding$q;
    end
    
endmodule
