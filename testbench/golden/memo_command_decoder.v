module memo_command_decoder(clock,request,number,known,commits,expected,wrong,reply,reply_bytes,settings,which);
    
    // Module arguments
    input wire  clock;
    input wire  [41:0] request;
    input wire  [31:0] number;
    output reg  known;
    output reg  commits;
    output reg  [7:0] expected;
    output reg  wrong;
    output reg  [7:0] reply;
    output reg  [5:0] reply_bytes;
    output reg  [51:0] settings;
    output reg  [2:0] which;
    
    // Constant declarations
    localparam  command_begin = 8'h2;
    localparam  command_memoize = 8'hc;
    localparam  command_tally = 8'hd;
    localparam  settings_bytes = 8'h9;
    
    // Stub signals
    reg  kept$clock;
    reg  [51:0] kept$d;
    wire  [51:0] kept$q;
    reg  before$clock;
    reg  [7:0] before$d;
    wire  [7:0] before$q;
    reg  asked$clock;
    reg  [2:0] asked$d;
    wire  [2:0] asked$q;
    
    // Local signals
    reg  [7:0] command;
    reg  [7:0] octet;
    reg  [7:0] ordinal;
    reg  [15:0] pair;
    reg  [11:0] theta;
    
    // Sub module instances
    memo_command_decoder$kept kept(..);
    memo_command_decoder$before before(..);
    memo_command_decoder$asked asked(..);
    
    // Update code
    always @(*) begin
        kept$clock = clock;
        before$clock = clock;
        asked$clock = clock;
        kept$d = kept$q;
        before$d = before$q;
        asked$d = asked$q;
        command = request[(64'h0)+:(8)];
        octet = request[(64'h10)+:(8)];
        ordinal = request[(64'h18)+:(8)];
        known = (command == command_memoize) | (command == command_tally);
        commits = command == command_memoize;
        expected = ((32'h1) & 8'hff);
        if (commits) begin
            expected = settings_bytes;
        end
        if (request[(64'h20)+:(1)] | request[(64'h21)+:(1)]) begin
            before$d = octet;
        end
        pair = (((octet) & 16'hffff) << 32'h8) | ((before$q) & 16'hffff);
        theta = ((pair) & 12'hfff);
        wrong = octet > ((32'h7) & 8'hff);
        if (commits) begin
            wrong = 1'b0;
            if ((ordinal == ((32'h0) & 8'hff)) & (octet[(32'h0)+:(2)] == ((32'h3) & 2'h3))) begin
                wrong = 1'b1;
            end
            if (~ordinal[32'h0] & (octet > ((32'hf) & 8'hff))) begin
                wrong = 1'b1;
            end
        end
        if (request[(64'h20)+:(1)] & (command == command_tally)) begin
            asked$d = ((octet) & 3'h7);
        end
        if (request[(64'h21)+:(1)] & commits) begin
            case (ordinal)
                0:
                    begin
                        kept$d[(64'h0)+:(2)] = octet[(32'h0)+:(2)];
                        kept$d[(64'h2)+:(1)] = octet[32'h2];
                        kept$d[(64'h3)+:(1)] = octet[32'h3];
                    end
                2:
                    begin
                        kept$d[(64'h4)+:(12)] = theta;
                    end
                4:
                    begin
                        kept$d[(64'h10)+:(12)] = theta;
                    end
                6:
                    begin
                        kept$d[(64'h1c)+:(12)] = theta;
                    end
                8:
                    begin
                        kept$d[(64'h28)+:(12)] = theta;
                    end
                default:
                    begin
                    end
            endcase
        end
        if (request[(64'h21)+:(1)] & (command == command_begin)) begin
            kept$d[(64'h0)+:(2)] = ((32'h0) & 2'h3);
            kept$d[(64'h2)+:(1)] = 1'b0;
            kept$d[(64'h3)+:(1)] = 1'b0;
            kept$d[(64'h4)+:(12)] = ((32'h0) & 12'hfff);
            kept$d[(64'h10)+:(12)] = ((32'h0) & 12'hfff);
            kept$d[(64'h1c)+:(12)] = ((32'h0) & 12'hfff);
            kept$d[(64'h28)+:(12)] = ((32'h0) & 12'hfff);
        end
        reply_bytes = ((32'h4) & 6'h3f);
        if (commits) begin
            reply_bytes = ((32'h0) & 6'h3f);
        end
        reply = ((number) & 8'hff);
        case (request[(64'h24)+:(6)])
            1:
                begin
                    reply = ((number >> 32'h8) & 8'hff);
                end
            2:
                begin
                    reply = ((number >> 32'h10) & 8'hff);
                end
            3:
                begin
                    reply = ((number >> 32'h18) & 8'hff);
                end
            default:
                begin
                end
        endcase
        settings = kept$q;
        which = asked$q;
    end
    
endmodule
