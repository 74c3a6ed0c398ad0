module read_noise(clock,clear,seed,draw,factor,noise);
    
    // Module arguments
    input wire  clock;
    input wire  clear;
    input wire  [31:0] seed;
    input wire  draw;
    input wire  [15:0] factor;
    output reg  [17:0] noise;
    
    // Update code (custom)
    reg [31:0] state = 0;
    reg signed [10:0] bytes = 0;
    wire [31:0] left = state ^ (state << 13);
    wire [31:0] right = left ^ (left >> 17);
    wire signed [25:0] low = bytes * $signed(factor);
    wire signed [25:0] high = factor[15] ? {bytes[9:0], 16'b0} : 26'd0;
    wire [25:0] product = low + high;
    initial noise = 0;
    always @(posedge clock) begin
       noise <= product[25:8];
       bytes <= {3'b0, state[7:0]} + {3'b0, state[15:8]} + {3'b0, state[23:16]} + {3'b0, state[31:24]} - 11'd510;
       if (clear) state <= seed;
       else if (draw) state <= right ^ (right << 5);
    end
endmodule
