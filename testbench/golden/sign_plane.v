module sign_plane(clock,load,octet,region,row,place,address,signs$0,signs$1);
    
    // Module arguments
    input wire  clock;
    input wire  load;
    input wire  [7:0] octet;
    input wire  region;
    input wire  [15:0] row;
    input wire  [5:0] place;
    input wire  [13:0] address;
    output reg  [15:0] signs$0;
    output reg  [15:0] signs$1;
    
    // Update code (custom)
    reg [3:0] gathered = 0;
    reg write = 0;
    reg [13:0] written = 0;
    wire [21:0] whole = {row, place};
    wire [13:0] onward = address + 2;
    always @(posedge clock) begin
       write <= load & ~region & (&place[0:0]);
       if (load & ~region) begin
          gathered <= {octet[7], octet[3], gathered[3:2]};
          written <= whole[14:1];
       end
    end
    reg [3:0] bank0 [0:127];
    reg [3:0] word0;
    wire [6:0] place0 = write ? written[7:1] : 0 < address[0:0] ? onward[7:1] : address[7:1];
    always @(posedge clock) begin
       if (write) begin
          if (written[0:0] == 0) bank0[place0] <= gathered;
       end else word0 <= bank0[place0];
    end
    always @(*) signs$0 = word0;
    reg [3:0] bank1 [0:127];
    reg [3:0] word1;
    wire [6:0] place1 = write ? written[7:1] : 1 < address[0:0] ? onward[7:1] : address[7:1];
    always @(posedge clock) begin
       if (write) begin
          if (written[0:0] == 1) bank1[place1] <= gathered;
       end else word1 <= bank1[place1];
    end
    always @(*) signs$1 = word1;
    `ifndef SYNTHESIS
    always @(posedge clock) if (write & (written >= 256)) begin
       $display("sign plane of 256 words is addressed at %0d", written);
       $stop;
    end
    `endif
    `ifndef SYNTHESIS
    always @(posedge clock) if (~write & (address >= 256)) begin
       $display("sign plane of 256 words is addressed at %0d", address);
       $stop;
    end
    `endif
endmodule
