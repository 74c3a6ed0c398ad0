module sign_product(clock,x_select,y_select,broadcast,weight,position_load,product);
    
    // Module arguments
    input wire  clock;
    input wire  [1:0] x_select;
    input wire  [1:0] y_select;
    input wire  [7:0] broadcast;
    input wire  [7:0] weight;
    input wire  position_load;
    output reg  [31:0] product;
    
    // Update code (custom)
    reg [7:0] position = 0;
    reg [7:0] signed_x = 0;
    wire by_sign = (y_select == 0) & (x_select != 2);
    wire [7:0] x = x_select == 1 ? position : broadcast;
    initial product = 0;
    always @(posedge clock) begin
       product <= {{24{signed_x[7]}}, signed_x};
       signed_x <= by_sign & weight[0] ? (x ^ {8{weight[7]}}) + {7'b0, weight[7]} : 8'd0;
       if (position_load) position <= weight;
    end
endmodule
