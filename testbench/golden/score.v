module score(clock,sum,shift,centre,index);
    
    // Module arguments
    input wire  clock;
    input wire  [21:0] sum;
    input wire  [3:0] shift;
    input wire  [7:0] centre;
    output reg  [9:0] index;
    
    // Update code (custom)
    wire signed [22:0] wide = $signed({sum[21], sum});
    wire signed [22:0] floor = wide >>> shift;
    wire [22:0] half = (23'd1 << shift) >> 1;
    wire [22:0] below = half == 0 ? 0 : half - 1;
    wire up = (|(wide & half)) & (floor[0] | (|(wide & below)));
    wire signed [22:0] rounded = floor - $signed({11'b0, centre, 4'b0}) + $signed({22'b0, up});
    initial index = 0;
    always @(posedge clock) index <= rounded > 511 ? 10'd1023 : rounded < -512 ? 10'd0 : rounded[9:0] + 10'd512;
endmodule
