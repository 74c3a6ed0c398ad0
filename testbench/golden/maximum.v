module maximum(clock,clear,valid,logit,word,best);
    
    // Module arguments
    input wire  clock;
    input wire  clear;
    input wire  valid;
    input wire  [21:0] logit;
    output reg  [7:0] word;
    output reg  [21:0] best;
    
    // Update code (custom)
    reg [7:0] count = 0;
    initial {word, best} = 0;
    always @(posedge clock) begin
       if (clear) count <= 0;
       else if (valid) begin
          if (count == 0 || $signed(logit) > $signed(best)) begin
             best <= logit;
             word <= count;
          end
          count <= count + 1;
       end
    end
endmodule
