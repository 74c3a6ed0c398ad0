module multiplier_of_logic(clock,x_select,y_select,broadcast,state,weight,position_load,slot,normalised,read,product);
    
    // Module arguments
    input wire  clock;
    input wire  [1:0] x_select;
    input wire  [1:0] y_select;
    input wire  [15:0] broadcast;
    input wire  [7:0] state;
    input wire  [7:0] weight;
    input wire  position_load;
    input wire  [7:0] slot;
    input wire  [15:0] normalised;
    input wire  [7:0] read;
    output reg  [31:0] product;
    
    // Update code (custom)
    reg signed [7:0] position = 0;
    reg signed [15:0] x = 0;
    reg signed [15:0] y = 0;
    wire rests = 1'b0;
    wire [31:0] wide = {{16{y[15]}}, y};
    initial product = 0;
    always @(posedge clock) begin
       product <= (x[0] ? wide << 0 : 32'd0) + (x[1] ? wide << 1 : 32'd0) + (x[2] ? wide << 2 : 32'd0) + (x[3] ? wide << 3 : 32'd0) + (x[4] ? wide << 4 : 32'd0) + (x[5] ? wide << 5 : 32'd0) + (x[6] ? wide << 6 : 32'd0) + (x[7] ? wide << 7 : 32'd0) + (x[8] ? wide << 8 : 32'd0) + (x[9] ? wide << 9 : 32'd0) + (x[10] ? wide << 10 : 32'd0) + (x[11] ? wide << 11 : 32'd0) + (x[12] ? wide << 12 : 32'd0) + (x[13] ? wide << 13 : 32'd0) + (x[14] ? wide << 14 : 32'd0) - (x[15] ? wide << 15 : 32'd0);
       case (x_select)
          1: x <= {{8{position[7]}}, position};
          2: x <= {{8{state[7]}}, state};
          default: x <= broadcast;
       endcase
       case (y_select)
          1: y <= {{8{slot[7]}}, slot};
          2: y <= normalised;
          3: y <= {{8{read[7]}}, read};
          default: y <= {{8{weight[7]}}, weight};
       endcase
       if (position_load) position <= weight;
       if (rests) begin
          x <= 0;
          y <= 0;
       end
    end
endmodule
