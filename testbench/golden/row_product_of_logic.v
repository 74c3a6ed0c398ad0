module row_product_of_logic(clock,select,row,weight,product);
    
    // Module arguments
    input wire  clock;
    input wire  [1:0] select;
    input wire  [15:0] row;
    input wire  [7:0] weight;
    output reg  [15:0] product;
    
    // Update code (custom)
    reg signed [7:0] x = 0;
    reg signed [3:0] y = 0;
    wire [15:0] wide = {{8{x[7]}}, x};
    initial product = 0;
    always @(posedge clock) begin
       product <= (y[0] ? wide << 0 : 16'd0) + (y[1] ? wide << 1 : 16'd0) + (y[2] ? wide << 2 : 16'd0) - (y[3] ? wide << 3 : 16'd0);
       case (select)
          1: x <= row[7:0];
          2: x <= row[15:8];
          default: x <= 0;
       endcase
       y <= weight[3:0];
    end
endmodule
