module exponential_memory(clock,age,write,exponential,recalled);
    
    // Module arguments
    input wire  clock;
    input wire  [5:0] age;
    input wire  write;
    input wire  [14:0] exponential;
    output reg  [14:0] recalled;
    
    // Update code (custom)
    (* no_rw_check *) reg [14:0] cells [0:63];
    always @(posedge clock) begin
       recalled <= cells[age];
       if (write) cells[age] <= exponential;
    end
endmodule
