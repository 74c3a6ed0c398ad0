module column_sum(clock,code,add,first,scale,bias,index);
    
    // Module arguments
    input wire  clock;
    input wire  [7:0] code;
    input wire  add;
    input wire  first;
    input wire  [15:0] scale;
    input wire  [23:0] bias;
    output reg  [8:0] index;
    
    // Update code (custom)
    reg signed [12:0] sum = 0;
    reg signed [31:0] product = 0;
    reg signed [31:0] z = 0;
    wire signed [12:0] before = first ? 13'd0 : sum;
    // The highest bit's share of the unsigned scale apart, so that both operands are of 16 bits and signed.
    wire signed [31:0] low = sum * $signed(scale);
    wire [31:0] high = scale[15] ? {{3{sum[12]}}, sum, 16'b0} : 32'd0;
    wire signed [24:0] floor = z[31:7];
    wire up = z[6] & (z[7] | (|z[5:0]));
    wire signed [24:0] rounded = floor + $signed({24'b0, up});
    initial index = 0;
    always @(posedge clock) begin
       if (add) sum <= before + {{5{code[7]}}, code};
       product <= low + high;
       z <= product + $signed(bias);
       index <= rounded > 255 ? 9'd511 : rounded < -256 ? 9'd0 : {~rounded[8], rounded[7:0]};
    end
endmodule
