module similarity_min(clock,state,slot,similarity);
    
    // Module arguments
    input wire  clock;
    input wire  [7:0] state;
    input wire  [7:0] slot;
    output reg  [15:0] similarity;
    
    // Update code (custom)
    wire same = state[7] ~^ slot[7];
    wire [9:0] difference = {state[7], state, 1'b1} + {{slot[7], slot} ^ {9{same}}, same};
    wire from_state = difference[9] ^ state[7];
    wire negative = from_state ? slot[7] : state[7];
    wire [7:0] smaller = (from_state ? state : slot) ^ {8{negative}};
    wire [7:0] sum = smaller + {7'b0, negative};
    initial similarity = 0;
    always @(posedge clock) similarity <= {{8{sum[7]}}, sum};
endmodule
