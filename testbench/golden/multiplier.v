module multiplier(clock,x_select,y_select,broadcast,state,weight,position_load,slot,normalised,read,product);
    
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
    initial product = 0;
    always @(posedge clock) begin
       product <= x * y;
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
