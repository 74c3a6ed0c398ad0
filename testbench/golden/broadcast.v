module broadcast(clock,select,state,exponential_valid,exponential,recall,recalled,reciprocal,align,number);
    
    // Module arguments
    input wire  clock;
    input wire  [1:0] select;
    input wire  [7:0] state;
    input wire  exponential_valid;
    input wire  [14:0] exponential;
    input wire  recall;
    input wire  [14:0] recalled;
    input wire  [14:0] reciprocal;
    input wire  [3:0] align;
    output reg  [15:0] number;
    
    // Update code (custom)
    reg [14:0] kept = 0;
    reg [14:0] delayed = 0;
    initial number = 0;
    always @(posedge clock) begin
       case (select)
          1: number <= {1'b0, delayed};
          2: number <= {1'b0, reciprocal};
          3: number <= 16'd1 << align;
          default: number <= {{8{state[7]}}, state};
       endcase
       delayed <= recall ? recalled : kept;
       if (exponential_valid) kept <= exponential;
    end
endmodule
