module slot_memory(clock,aged,slot,fold,write,write_even,write_odd,age,slot_even,slot_odd,age_even,age_odd);
    
    // Module arguments
    input wire  clock;
    input wire  aged;
    input wire  [7:0] slot;
    input wire  [1:0] fold;
    input wire  write;
    input wire  [7:0] write_even;
    input wire  [7:0] write_odd;
    input wire  [7:0] age;
    output reg  [7:0] slot_even;
    output reg  [7:0] slot_odd;
    output reg  [7:0] age_even;
    output reg  [7:0] age_odd;
    
    // Update code (custom)
    (* no_rw_check, ram_style = "block" *) reg [15:0] cells [0:31];
    wire [4:0] place = {aged, slot[2:0]} * 2 + fold;
    wire [4:0] age_place = {1'b1, age[2:0]} * 2 + fold;
    always @(posedge clock) begin
       if (write) cells[place] <= {write_odd, write_even};
       {slot_odd, slot_even} <= cells[place];
    end
    always @(posedge clock) {age_odd, age_even} <= cells[age_place];
endmodule
