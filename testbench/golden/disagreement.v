module disagreement(clock,weights$0,weights$1,rows$0,rows$1,present,compare,first,last,sum,done);
    
    // Module arguments
    input wire  clock;
    input wire  [15:0] weights$0;
    input wire  [15:0] weights$1;
    input wire  [15:0] rows$0;
    input wire  [15:0] rows$1;
    input wire  [15:0] present;
    input wire  compare;
    input wire  first;
    input wire  last;
    output reg  [8:0] sum;
    output reg  done;
    
    // Update code (custom)
    reg [3:0] comparing = 0;
    reg [3:0] opening = 0;
    reg [3:0] closing = 0;
    reg [8:0] total = 0;
    wire [8:0] before = opening[3] ? 9'd0 : sum;
    initial sum = 0;
    initial done = 0;
    reg [3:0] differ0 = 0;
    reg [4:0] count0 = 0;
    always @(posedge clock) begin
       differ0 <= present[0] ? weights$0[3:0] ^ rows$0[3:0] : 0;
       count0 <= {4'b0, differ0[0]} + {4'b0, differ0[1]} + {4'b0, differ0[2]} + {4'b0, differ0[3]};
    end
    reg [3:0] differ1 = 0;
    reg [4:0] count1 = 0;
    always @(posedge clock) begin
       differ1 <= present[1] ? weights$1[3:0] ^ rows$1[3:0] : 0;
       count1 <= {4'b0, differ1[0]} + {4'b0, differ1[1]} + {4'b0, differ1[2]} + {4'b0, differ1[3]};
    end
    always @(posedge clock) begin
       comparing <= {comparing[2:0], compare};
       opening <= {opening[2:0], first};
       closing <= {closing[2:0], last};
       total <= {4'b0, count0} + {4'b0, count1};
       if (comparing[3]) sum <= before + total;
       done <= comparing[3] & closing[3];
    end
endmodule
