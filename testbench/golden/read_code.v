module read_code(clock,product,load,read);
    
    // Module arguments
    input wire  clock;
    input wire  [31:0] product;
    input wire  load;
    output reg  [7:0] read;
    
    // Update code (custom)
    wire negative = product[31];
    wire up = product[21] & (product[22] | (|product[20:0]));
    wire [7:0] rounded = product[29:22] + {7'b0, up};
    wire limit = (product[31:29] != {3{negative}}) | (rounded == 8'h80);
    initial read = 0;
    always @(posedge clock) if (load) read <= limit ? {negative, {6{~negative}}, 1'b1} : rounded;
endmodule
