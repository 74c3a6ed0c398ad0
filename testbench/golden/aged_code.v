module aged_code(clock,slot,age,sum);
    
    // Module arguments
    input wire  clock;
    input wire  [7:0] slot;
    input wire  [7:0] age;
    output reg  [7:0] sum;
    
    // Update code (custom)
    wire signed [8:0] exact = $signed({slot[7], slot}) + $signed({age[7], age});
    initial sum = 0;
    always @(posedge clock) sum <= exact > 127 ? 8'd127 : exact < -127 ? -8'd127 : exact[7:0];
endmodule
