module weight_store(clock,address,write,bank,unit,weights$0,weights$1,weights$2,weights$3);
    
    // Module arguments
    input wire  clock;
    input wire  [13:0] address;
    input wire  write;
    input wire  [4:0] bank;
    input wire  [15:0] unit;
    output reg  [7:0] weights$0;
    output reg  [7:0] weights$1;
    output reg  [7:0] weights$2;
    output reg  [7:0] weights$3;
    
    // Update code (custom)
    wire [7:0] place = address[7:0];
    `ifndef SYNTHESIS
    always @(posedge clock) if (1'b1 & (address >= 256)) begin
       $display("weight store of 256 words is addressed at %0d", address);
       $stop;
    end
    `endif
    reg [15:0] bank0 [0:255];
    reg [15:0] word0;
    always @(posedge clock) begin
       if (write) begin
          if (bank == 0) bank0[place] <= unit;
       end else word0 <= bank0[place];
    end
    always @(*) weights$0 = word0[3:0];
    always @(*) weights$1 = word0[7:4];
    always @(*) weights$2 = word0[11:8];
    always @(*) weights$3 = word0[15:12];
endmodule
