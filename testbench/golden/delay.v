module delay(clock,d,q);
    
    // Module arguments
    input wire  clock;
    input wire  [7:0] d;
    output reg  [7:0] q;
    
    // Update code (custom)
    reg [7:0] stage0 = 0;
    reg [7:0] stage1 = 0;
    initial q = 0;
    always @(posedge clock) begin
       stage0 <= d;
       stage1 <= stage0;
       q <= stage1;
    end
endmodule
