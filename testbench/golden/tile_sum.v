module tile_sum(clock,term,add,first,sum);
    
    // Module arguments
    input wire  clock;
    input wire  [21:0] term;
    input wire  add;
    input wire  first;
    output reg  [23:0] sum;
    
    // Update code (custom)
    wire [23:0] before = first ? 24'd0 : sum;
    initial sum = 0;
    always @(posedge clock) if (add) sum <= before + {{2{term[21]}}, term};
endmodule
