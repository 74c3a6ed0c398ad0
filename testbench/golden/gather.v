module gather(states$0,states$1,states$2,states$3,lane,state);
    
    // Module arguments
    input wire  [7:0] states$0;
    input wire  [7:0] states$1;
    input wire  [7:0] states$2;
    input wire  [7:0] states$3;
    input wire  [5:0] lane;
    output reg  [7:0] state;
    
    // Update code (custom)
    always @(*) begin
       case (lane[1:0])
          1: state = states$1;
          2: state = states$2;
          3: state = states$3;
          default: state = states$0;
       endcase
    end
endmodule
