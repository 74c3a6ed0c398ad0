module adder_tree(clock,terms$0,terms$1,terms$2,terms$3,sum);
    
    // Module arguments
    input wire  clock;
    input wire  [15:0] terms$0;
    input wire  [15:0] terms$1;
    input wire  [15:0] terms$2;
    input wire  [15:0] terms$3;
    output reg  [21:0] sum;
    
    // Update code (custom)
    reg signed [21:0] stage1_0 = 0;
    always @(posedge clock) stage1_0 <= $signed(terms$0);
    reg signed [21:0] stage1_1 = 0;
    always @(posedge clock) stage1_1 <= $signed(terms$1);
    reg signed [21:0] stage1_2 = 0;
    always @(posedge clock) stage1_2 <= $signed(terms$2);
    reg signed [21:0] stage1_3 = 0;
    always @(posedge clock) stage1_3 <= $signed(terms$3);
    reg signed [21:0] stage2_0 = 0;
    always @(posedge clock) stage2_0 <= stage1_0 + stage1_1;
    reg signed [21:0] stage2_1 = 0;
    always @(posedge clock) stage2_1 <= stage1_2 + stage1_3;
    reg signed [21:0] stage3_0 = 0;
    always @(posedge clock) stage3_0 <= stage2_0 + stage2_1;
    always @(*) sum = stage3_0;
endmodule
