module loader(clock,load,octet,region,row,place,write,address,bank,unit,write_bias,bias_address,bias);
    
    // Module arguments
    input wire  clock;
    input wire  load;
    input wire  [7:0] octet;
    input wire  region;
    input wire  [15:0] row;
    input wire  [5:0] place;
    output reg  write;
    output reg  [13:0] address;
    output reg  [4:0] bank;
    output reg  [15:0] unit;
    output reg  write_bias;
    output reg  [9:0] bias_address;
    output reg  [23:0] bias;
    
    // Update code (custom)
    reg [31:0] gathered = 0;
    wire [31:0] next = {octet, gathered[31:8]};
    wire [21:0] whole = {row, place};
    initial {write, write_bias} = 0;
    always @(posedge clock) begin
       write <= load & ~region & place[0];
       write_bias <= load & region & (&place[1:0]);
       if (load) begin
          gathered <= next;
          unit <= next[31:16];
          bias <= next[23:0];
          address <= whole[14:1];
          bank <= 5'd0;
          bias_address <= whole[11:2];
       end
    end
endmodule
