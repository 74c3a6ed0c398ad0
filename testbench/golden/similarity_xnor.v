module similarity_xnor(clock,state,slot,similarity);
    
    // Module arguments
    input wire  clock;
    input wire  [7:0] state;
    input wire  [7:0] slot;
    output reg  [15:0] similarity;
    
    // Update code (custom)
    wire [7:0] state_magnitude = state[7] ? -state : state;
    wire [7:0] slot_magnitude = slot[7] ? -slot : slot;
    wire [15:0] magnitude = {9'b0, ~(state_magnitude[6:0] ^ slot_magnitude[6:0])};
    initial similarity = 0;
    always @(posedge clock) similarity <= state[7] ^ slot[7] ? -magnitude : magnitude;
endmodule
