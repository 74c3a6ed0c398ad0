module register(clock,d,q);
    
    // Module arguments
    input wire  clock;
    input wire  [21:0] d;
    output reg  [21:0] q;
    
    // Update code (custom)
    initial q = 22'h0;
    always @(posedge clock) q <= d;
endmodule
