module row_signs(clock,clear,write,lane,address,code,zero_is_minus,input_words,take,word,turn,words,signs$0,signs$1,present);
    
    // Module arguments
    input wire  clock;
    input wire  clear;
    input wire  write;
    input wire  [5:0] lane;
    input wire  [5:0] address;
    input wire  [7:0] code;
    input wire  zero_is_minus;
    input wire  [4:0] input_words;
    input wire  take;
    input wire  [4:0] word;
    input wire  [3:0] turn;
    input wire  [4:0] words;
    output reg  [15:0] signs$0;
    output reg  [15:0] signs$1;
    output reg  [15:0] present;
    
    // Update code (custom)
    wire [4:0] target = address[5] ? {1'b0, address[3:0]} + input_words : {1'b0, address[3:0]};
    wire negative = code[7] | (~address[5] & zero_is_minus & (code == 0));
    wire [1:0] bit_place = lane[1:0];
    initial present = 0;
    reg [3:0] stored0 = 0;
    reg [3:0] compared0 = 0;
    always @(posedge clock) begin
       if (take) compared0 <= stored0;
       if (clear) stored0 <= 0;
       else if (write & (target == 0)) stored0[bit_place] <= negative;
    end
    reg [3:0] stored1 = 0;
    reg [3:0] compared1 = 0;
    always @(posedge clock) begin
       if (take) compared1 <= stored1;
       if (clear) stored1 <= 0;
       else if (write & (target == 1)) stored1[bit_place] <= negative;
    end
    reg [3:0] stored2 = 0;
    reg [3:0] compared2 = 0;
    always @(posedge clock) begin
       if (take) compared2 <= stored2;
       if (clear) stored2 <= 0;
       else if (write & (target == 2)) stored2[bit_place] <= negative;
    end
    reg [3:0] stored3 = 0;
    reg [3:0] compared3 = 0;
    always @(posedge clock) begin
       if (take) compared3 <= stored3;
       if (clear) stored3 <= 0;
       else if (write & (target == 3)) stored3[bit_place] <= negative;
    end
    wire [0:0] ahead0 = 0 - turn[0:0];
    wire [4:0] number0 = word + ahead0;
    initial signs$0 = 0;
    always @(posedge clock) begin
       present[0] <= number0 < words;
       case (number0)
          0: signs$0 <= compared0;
          1: signs$0 <= compared1;
          2: signs$0 <= compared2;
          3: signs$0 <= compared3;
          default: signs$0 <= 0;
       endcase
    end
    wire [0:0] ahead1 = 1 - turn[0:0];
    wire [4:0] number1 = word + ahead1;
    initial signs$1 = 0;
    always @(posedge clock) begin
       present[1] <= number1 < words;
       case (number1)
          0: signs$1 <= compared0;
          1: signs$1 <= compared1;
          2: signs$1 <= compared2;
          3: signs$1 <= compared3;
          default: signs$1 <= 0;
       endcase
    end
endmodule
