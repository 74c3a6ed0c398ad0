module extents(clock,hidden,inputs,classes,tile,dac_bits,largest,last_cell,last_row,last_class,last_input,last_hidden,last_within);
    
    // Module arguments
    input wire  clock;
    input wire  [7:0] hidden;
    input wire  [7:0] inputs;
    input wire  [7:0] classes;
    input wire  [7:0] tile;
    input wire  [3:0] dac_bits;
    output reg  [7:0] largest;
    output reg  [7:0] last_cell;
    output reg  [7:0] last_row;
    output reg  [7:0] last_class;
    output reg  [3:0] last_input;
    output reg  [3:0] last_hidden;
    output reg  [4:0] last_within;
    
    // Update code (custom)
    wire [7:0] cell_number = hidden - 8'd1;
    wire [7:0] row_number = inputs - 8'd1;
    wire [7:0] words = tile >> 2;
    wire [7:0] word = words - 8'd1;
    wire [7:0] cell_word = cell_number >> 2;
    wire [7:0] row_word = row_number >> 2;
    wire [3:0] wide = dac_bits < 2 ? 4'd2 : dac_bits > 8 ? 4'd8 : dac_bits;
    wire [8:0] most = (9'd1 << (wide - 4'd1)) - 9'd1;
    always @(posedge clock) begin
       largest <= most[7:0];
       last_cell <= cell_number;
       last_row <= row_number;
       last_class <= classes - 8'd1;
       last_input <= row_word[3:0];
       last_hidden <= cell_word[3:0];
       last_within <= word[4:0];
    end
endmodule
