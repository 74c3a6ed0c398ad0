module converter(clock,sum,mantissa,noise,shift,bits,code);
    
    // Module arguments
    input wire  clock;
    input wire  [23:0] sum;
    input wire  [7:0] mantissa;
    input wire  [17:0] noise;
    input wire  [4:0] shift;
    input wire  [3:0] bits;
    output reg  [7:0] code;
    
    // Update code (custom)
    reg signed [32:0] product = 0;
    reg signed [32:0] scaled = 0;
    reg signed [32:0] floor = 0;
    reg up = 0;
    reg negative = 0;
    wire signed [8:0] factor = $signed({1'b0, mantissa});
    wire signed [32:0] whole = scaled >>> shift;
    wire [32:0] half = (33'd1 << shift) >> 1;
    wire [32:0] below = half == 0 ? 0 : half - 1;
    wire signed [32:0] rounded = floor + $signed({32'b0, up});
    wire [3:0] wide = bits < 2 ? 4'd2 : bits > 8 ? 4'd8 : bits;
    wire [8:0] most = (9'd1 << (wide - 4'd1)) - 9'd1;
    wire signed [32:0] limit = $signed({24'b0, most});
    initial code = 0;
    always @(posedge clock) begin
       product <= $signed(sum) * factor;
       scaled <= product + $signed(noise);
       floor <= whole;
       up <= (|(scaled & half)) & (whole[0] | (|(scaled & below)));
       negative <= scaled[32];
       if (bits == 1) code <= negative ? 8'hff : 8'h01;
       else if (rounded > limit) code <= most[7:0];
       else if (rounded < -limit) code <= 8'd0 - most[7:0];
       else code <= rounded[7:0];
    end
endmodule
