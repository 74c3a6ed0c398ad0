module logit(clock,sum,bias,logit);
    
    // Module arguments
    input wire  clock;
    input wire  [23:0] sum;
    input wire  [23:0] bias;
    output reg  [24:0] logit;
    
    // Update code (custom)
    initial logit = 0;
    always @(posedge clock) logit <= {sum[23], sum} + {bias[23], bias};
endmodule
