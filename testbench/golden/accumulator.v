module accumulator(clock,product,clear,add,shift,normalised,code);
    
    // Module arguments
    input wire  clock;
    input wire  [31:0] product;
    input wire  clear;
    input wire  add;
    input wire  shift;
    output reg  [15:0] normalised;
    output reg  [7:0] code;
    
    // Update code (custom)
    reg signed [33:0] sum = 0;
    reg lost = 0;
    wire signed [33:0] term = $signed({product[29:0], 4'b0});
    always @(posedge clock) begin
       if (clear) begin
          sum <= 0;
          lost <= 0;
       end else if (add | shift) begin
          sum <= add ? sum + term : sum >>> 1;
          lost <= lost | (~add & sum[0]);
       end
    end
    always @(*) normalised = sum[15:0];
    wire negative = sum[33];
    wire up = sum[3] & (lost | (|sum[2:0]) | sum[4]);
    wire [7:0] rounded = sum[11:4] + {7'b0, up};
    wire limit = (sum[33:11] != {23{negative}}) | (rounded == 8'h80);
    always @(*) code = limit ? {negative, {6{~negative}}, 1'b1} : rounded;
endmodule
