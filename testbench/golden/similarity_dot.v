module similarity_dot(clock,state,slot,similarity);
    
    // Module arguments
    input wire  clock;
    input wire  [7:0] state;
    input wire  [7:0] slot;
    output reg  [15:0] similarity;
    
    // Update code (custom)
    initial similarity = 0;
    always @(posedge clock) similarity <= $signed(state) * $signed(slot);
endmodule
