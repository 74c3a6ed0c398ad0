module crossbar_command_decoder(clock,request,steps,answered,logit,asked,decision,settings,gate_setting,row_byte,answer,symbol);
    
    // Module arguments
    input wire  clock;
    input wire  [41:0] request;
    input wire  [23:0] steps;
    input wire  [7:0] answered;
    input wire  [24:0] logit;
    input wire  [7:0] asked;
    output reg  [49:0] decision;
    output reg  [72:0] settings;
    output reg  [21:0] gate_setting;
    output reg  [31:0] row_byte;
    output reg  answer;
    output reg  symbol;
    
    // Constant declarations
    localparam  geometry = 8'h14;
    localparam  memoization = 8'h0;
    localparam  last_command = 8'hb;
    localparam  weight_bits = 8'h4;
    localparam  lanes = 8'h4;
    localparam  hidden = 8'h8;
    localparam  inputs = 8'h8;
    localparam  classes = 8'h8;
    localparam  multipliers = 8'h2;
    localparam  lane_mask = 8'h3;
    localparam  weight_rows = 16'h8;
    localparam  bias_rows = 16'h3;
    localparam  most_bits = 8'h8;
    localparam  most_shift = 8'h18;
    localparam  settings_bytes = 8'h22;
    localparam  unknown_command = 8'h2;
    localparam  bad_length = 8'h3;
    localparam  not_loaded = 8'h4;
    localparam  unknown_word = 8'h6;
    localparam  wrong_geometry = 8'h7;
    localparam  no_story = 8'h9;
    localparam  command_identify = 8'h1;
    localparam  command_begin = 8'h2;
    localparam  command_row = 8'h3;
    localparam  command_seal = 8'h4;
    localparam  command_clear = 8'h5;
    localparam  command_status = 8'h8;
    localparam  command_step = 8'h9;
    localparam  command_symbol = 8'ha;
    localparam  command_answer = 8'hb;
    
    // Stub signals
    reg  kept$clock;
    reg  [72:0] kept$d;
    wire  [72:0] kept$q;
    reg  before$clock;
    reg  [7:0] before$d;
    wire  [7:0] before$q;
    reg  field$clock;
    reg  [2:0] field$d;
    wire  [2:0] field$q;
    reg  gate$clock;
    reg  [1:0] gate$d;
    wire  [1:0] gate$q;
    reg  region$clock;
    reg  region$d;
    wire  region$q;
    reg  row_number$clock;
    reg  [15:0] row_number$d;
    wire  [15:0] row_number$q;
    
    // Local signals
    reg  [7:0] command;
    reg  [7:0] payload;
    reg  [7:0] octet;
    reg  [7:0] number;
    reg  [7:0] ordinal;
    reg  works;
    reg  begins;
    reg  rows;
    reg  steps_on;
    reg  [7:0] expected;
    reg  [7:0] least;
    reg  [7:0] most;
    reg  wrong;
    reg  [15:0] row_count;
    reg  [15:0] pair;
    reg  [31:0] item;
    reg  [7:0] offset;
    reg  [21:0] of_gate;
    
    // Sub module instances
    crossbar_command_decoder$kept kept(..);
    crossbar_command_decoder$before before(..);
    crossbar_command_decoder$field field(..);
    crossbar_command_decoder$gate gate(..);
    crossbar_command_decoder$region region(..);
    crossbar_command_decoder$row_number row_number(..);
    
    // Update code
    always @(*) begin
        kept$clock = clock;
        before$clock = clock;
        field$clock = clock;
        gate$clock = clock;
        region$clock = clock;
        row_number$clock = clock;
        kept$d = kept$q;
        before$d = before$q;
        field$d = field$q;
        gate$d = gate$q;
        region$d = region$q;
        row_number$d = row_number$q;
        command = request[(64'h0)+:(8)];
        payload = request[(64'h8)+:(8)];
        octet = request[(64'h10)+:(8)];
        ordinal = request[(64'h18)+:(8)];
        begins = command == command_begin;
        rows = command == command_row;
        steps_on = (command == command_step) | (command == command_symbol);
        answer = command == command_answer;
        symbol = command == command_symbol;
        works = steps_on | answer;
        decision[(64'h19)+:(1)] = works;
        decision[(64'h18)+:(1)] = begins | rows;
        decision[(64'h1a)+:(8)] = ((asked) & 8'hff);
        expected = ((32'h0) & 8'hff);
        decision[(64'h8)+:(8)] = ((32'h0) & 8'hff);
        if (begins) begin
            expected = settings_bytes;
            decision[(64'h8)+:(8)] = settings_bytes;
        end
        if (rows) begin
            expected = ((32'h43) & 8'hff);
            decision[(64'h8)+:(8)] = ((32'h3) & 8'hff);
        end
        if (command == command_seal) begin
            expected = ((32'h4) & 8'hff);
            decision[(64'h8)+:(8)] = ((32'h4) & 8'hff);
        end
        if (symbol) begin
            expected = ((32'h1) & 8'hff);
            decision[(64'h8)+:(8)] = ((32'h1) & 8'hff);
        end
        if (command == command_step) begin
            expected = ((kept$q[(64'h9)+:(8)]) & 8'hff);
            if (~request[(64'h22)+:(1)] & (payload != ((32'h0) & 8'hff))) begin
                expected = payload;
            end
        end
        decision[(64'h0)+:(8)] = ((32'h0) & 8'hff);
        if (answer & (steps == ((32'h0) & 24'hffffff))) begin
            decision[(64'h0)+:(8)] = no_story;
        end
        if (works & ~request[(64'h22)+:(1)]) begin
            decision[(64'h0)+:(8)] = not_loaded;
        end
        if ((rows | (command == command_seal)) & ~request[(64'h23)+:(1)]) begin
            decision[(64'h0)+:(8)] = not_loaded;
        end
        if ((payload != expected) | ((command == command_step) & (payload == ((32'h0) & 8'hff)))) begin
            decision[(64'h0)+:(8)] = bad_length;
        end
        if ((command < command_identify) | (command > last_command) | ((command > command_clear) & (command < command_status))) begin
            decision[(64'h0)+:(8)] = unknown_command;
        end
        if (request[(64'h20)+:(1)] | request[(64'h21)+:(1)]) begin
            before$d = octet;
            field$d = field$q + 32'h1;
            if (field$q == ((32'h5) & 3'h7)) begin
                field$d = ((32'h0) & 3'h7);
                gate$d = gate$q + 32'h1;
            end
            if (ordinal < ((32'h6) & 8'hff)) begin
                field$d = ((32'h0) & 3'h7);
                gate$d = ((32'h0) & 2'h3);
            end
        end
        pair = (((octet) & 16'hffff) << 32'h8) | ((before$q) & 16'hffff);
        least = ((32'h0) & 8'hff);
        most = ((32'hff) & 8'hff);
        if (begins) begin
            case (ordinal)
                0:
                    begin
                        least = ((32'h1) & 8'hff);
                        most = hidden;
                    end
                1:
                    begin
                        least = ((32'h1) & 8'hff);
                        most = inputs;
                    end
                2:
                    begin
                        least = ((32'h1) & 8'hff);
                        most = classes;
                    end
                4:
                    begin
                        least = ((32'h1) & 8'hff);
                        most = most_bits;
                    end
                5:
                    begin
                        least = ((32'h1) & 8'hff);
                        most = most_bits;
                    end
                default:
                    begin
                    end
            endcase
            if ((ordinal > ((32'h5) & 8'hff)) & (ordinal < ((32'h1e) & 8'hff))) begin
                if (field$q == ((32'h0) & 3'h7)) begin
                    least = ((32'h1) & 8'hff);
                end
                if (field$q == ((32'h1) & 3'h7)) begin
                    most = most_shift;
                end
            end
        end
        if (rows & (ordinal == ((32'h0) & 8'hff))) begin
            most = ((32'h1) & 8'hff);
        end
        if (symbol) begin
            most = kept$q[(64'h9)+:(8)] - 32'h1;
        end
        number = octet;
        if (begins & (ordinal == ((32'h4) & 8'hff))) begin
            number = octet & 32'h7f;
        end
        wrong = (number < least) | (number > most);
        if (begins & (ordinal == ((32'h3) & 8'hff)) & ((octet & lane_mask) != ((32'h0) & 8'hff))) begin
            wrong = 1'b1;
        end
        row_count = weight_rows;
        if (region$q) begin
            row_count = bias_rows;
        end
        if (rows & (ordinal == ((32'h2) & 8'hff)) & (pair >= row_count)) begin
            wrong = 1'b1;
        end
        decision[(64'h10)+:(8)] = ((32'h0) & 8'hff);
        if (wrong) begin
            decision[(64'h10)+:(8)] = wrong_geometry;
            if (symbol) begin
                decision[(64'h10)+:(8)] = unknown_word;
            end
        end
        if (request[(64'h20)+:(1)] & rows) begin
            if (ordinal == ((32'h0) & 8'hff)) begin
                region$d = octet[32'h0];
            end
            if (ordinal == ((32'h2) & 8'hff)) begin
                row_number$d = pair;
            end
        end
        of_gate[(64'h0)+:(4)] = ((32'h0) & 4'hf);
        of_gate[(64'h4)+:(2)] = gate$q;
        of_gate[(64'h6)+:(16)] = pair;
        if (request[(64'h21)+:(1)] & begins) begin
            case (ordinal)
                0:
                    begin
                        kept$d[(64'h1)+:(8)] = octet;
                    end
                1:
                    begin
                        kept$d[(64'h9)+:(8)] = octet;
                    end
                2:
                    begin
                        kept$d[(64'h11)+:(8)] = octet;
                    end
                3:
                    begin
                        kept$d[(64'h19)+:(8)] = octet;
                    end
                4:
                    begin
                        kept$d[(64'h21)+:(4)] = ((octet) & 4'hf);
                        kept$d[(64'h0)+:(1)] = octet[32'h7];
                    end
                5:
                    begin
                        kept$d[(64'h25)+:(4)] = ((octet) & 4'hf);
                    end
                default:
                    begin
                        kept$d[(64'h29)+:(32)] = (kept$q[(64'h29)+:(32)] >> 32'h8) | (((octet) & 32'hffffffff) << 32'h18);
                        if (ordinal < ((32'h1e) & 8'hff)) begin
                            case (field$q)
                                0:
                                    begin
                                        of_gate[(64'h0)+:(4)] = ((32'h1) & 4'hf);
                                        of_gate[(64'h6)+:(16)] = ((octet) & 16'hffff);
                                    end
                                1:
                                    begin
                                        of_gate[(64'h0)+:(4)] = ((32'h2) & 4'hf);
                                        of_gate[(64'h6)+:(16)] = ((octet) & 16'hffff);
                                    end
                                3:
                                    begin
                                        of_gate[(64'h0)+:(4)] = ((32'h4) & 4'hf);
                                    end
                                5:
                                    begin
                                        of_gate[(64'h0)+:(4)] = ((32'h8) & 4'hf);
                                    end
                                default:
                                    begin
                                    end
                            endcase
                        end
                    end
            endcase
        end
        offset = ordinal - 32'h3;
        item[(64'h0)+:(1)] = request[(64'h21)+:(1)] & rows & (ordinal > ((32'h2) & 8'hff));
        item[(64'h1)+:(8)] = octet;
        item[(64'h9)+:(1)] = region$q;
        item[(64'ha)+:(16)] = row_number$q;
        item[(64'h1a)+:(6)] = ((offset) & 6'h3f);
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
                        decision[(64'h22)+:(8)] = memoization;
                    end
                3:
                    begin
                        decision[(64'h22)+:(8)] = weight_bits;
                    end
                9:
                    begin
                        decision[(64'h22)+:(8)] = lanes;
                    end
                10:
                    begin
                        decision[(64'h22)+:(8)] = hidden;
                    end
                11:
                    begin
                        decision[(64'h22)+:(8)] = inputs;
                    end
                12:
                    begin
                        decision[(64'h22)+:(8)] = classes;
                    end
                13:
                    begin
                        decision[(64'h22)+:(8)] = multipliers;
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
                        decision[(64'h22)+:(8)] = ((steps) & 8'hff);
                    end
                2:
                    begin
                        decision[(64'h22)+:(8)] = ((steps >> 32'h8) & 8'hff);
                    end
                default:
                    begin
                        decision[(64'h22)+:(8)] = ((steps >> 32'h10) & 8'hff);
                    end
            endcase
        end
        if (steps_on) begin
            decision[(64'h2a)+:(6)] = ((32'h4) & 6'h3f);
            case (request[(64'h24)+:(6)])
                0:
                    begin
                        decision[(64'h30)+:(2)] = ((32'h1) & 2'h3);
                    end
                1:
                    begin
                        decision[(64'h30)+:(2)] = ((32'h2) & 2'h3);
                    end
                default:
                    begin
                    end
            endcase
        end
        if (answer) begin
            decision[(64'h2a)+:(6)] = ((32'h9) & 6'h3f);
            case (request[(64'h24)+:(6)])
                0:
                    begin
                        decision[(64'h22)+:(8)] = answered;
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
                    end
                4:
                    begin
                        if (logit[32'h18]) begin
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
        settings = kept$q;
        gate_setting = of_gate;
        row_byte = item;
    end
    
endmodule
