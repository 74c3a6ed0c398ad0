module aged_code(clock,slot,age,scale,sum);
    
    // Module arguments
    input wire  clock;
    input wire  [7:0] slot;
    input wire  [7:0] age;
    input wire  [1:0] scale;
    output reg  [7:0] sum;
    
    // Update code (custom)
    wire [1:0] low = slot[1:0] + age[1:0];
    wire up = scale[0] & (&low);
    wire [9:0] wide = {slot[7], slot, up} + {age[7], age, up};
    wire [8:0] exact = wide[9:1];
    reg negative = 0;
    reg [8:0] scaled = 0;
    always @(posedge clock) begin
       negative <= exact[8];
       scaled <= scale[0] ? {exact[8], exact[8:1]} : scale[1] ? {exact[7:0], 1'b0} : exact;
    end
    wire limit = (scaled[8:7] != {2{negative}}) | (scaled[7:0] == 8'h80);
    always @(*) sum = limit ? {negative, {6{~negative}}, 1'b1} : scaled[7:0];
endmodule
