module similarity_hamming(clock,state,slot,similarity);
    
    // Module arguments
    input wire  clock;
    input wire  [7:0] state;
    input wire  [7:0] slot;
    output reg  [15:0] similarity;
    
    // Update code (custom)
    wire differ = state[7] ^ slot[7];
    wire [8:0] difference = {state[7], state} - {slot[7], slot};
    wire behind = difference[8];
    wire [7:0] gap = difference[7:0] ^ {8{behind}};
    wire [8:0] start = differ ? {2'b11, gap[6:0]} : {2'b00, ~gap[6:0]};
    wire [8:0] correction = differ ? {7'b0, behind, ~behind} : {9{behind}};
    wire [8:0] sum = start + correction;
    initial similarity = 0;
    always @(posedge clock)
       if (differ & (gap[7] | (&gap[6:0]))) similarity <= 0;
       else similarity <= {{7{sum[8]}}, sum};
endmodule
