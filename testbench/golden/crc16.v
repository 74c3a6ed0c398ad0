module crc16(sum,data,next_sum);
    
    // Module arguments
    input wire  [15:0] sum;
    input wire  [7:0] data;
    output reg  [15:0] next_sum;
    
    // Update code (custom)
    reg [15:0] crc;
    integer k;
    always @(*) begin
       crc = ~sum ^ {data, 8'b0};
       for (k = 0; k < 8; k = k + 1) crc = {crc[14:0], 1'b0} ^ (crc[15] ? 16'h1021 : 16'h0);
       next_sum = ~crc;
    end
endmodule
