module crc32(sum,data,next_sum);
    
    // Module arguments
    input wire  [31:0] sum;
    input wire  [3:0] data;
    output reg  [31:0] next_sum;
    
    // Update code (custom)
    reg [31:0] crc;
    integer k;
    always @(*) begin
       crc = ~sum ^ {28'b0, data};
       for (k = 0; k < 4; k = k + 1) crc = {1'b0, crc[31:1]} ^ (crc[0] ? 32'hEDB88320 : 32'h0);
       next_sum = ~crc;
    end
endmodule
