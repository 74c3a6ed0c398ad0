module tally(clock,clear,judged,hit,forced,gate,compare,walking,waiting,which,number);
    
    // Module arguments
    input wire  clock;
    input wire  clear;
    input wire  judged;
    input wire  hit;
    input wire  forced;
    input wire  [1:0] gate;
    input wire  compare;
    input wire  walking;
    input wire  waiting;
    input wire  [2:0] which;
    output reg  [31:0] number;
    
    // Update code (custom)
    reg [7:0] events = 0;
    wire remembered = judged & hit;
    initial number = 0;
    always @(posedge clock) events <= {walking, waiting, compare, judged & forced, remembered & gate == 3, remembered & gate == 2, remembered & gate == 1, remembered & gate == 0};
    reg [31:0] number0 = 0;
    always @(posedge clock) number0 <= clear ? 32'd0 : number0 + events[0];
    reg [31:0] number1 = 0;
    always @(posedge clock) number1 <= clear ? 32'd0 : number1 + events[1];
    reg [31:0] number2 = 0;
    always @(posedge clock) number2 <= clear ? 32'd0 : number2 + events[2];
    reg [31:0] number3 = 0;
    always @(posedge clock) number3 <= clear ? 32'd0 : number3 + events[3];
    reg [31:0] number4 = 0;
    always @(posedge clock) number4 <= clear ? 32'd0 : number4 + events[4];
    reg [31:0] number5 = 0;
    always @(posedge clock) number5 <= clear ? 32'd0 : number5 + events[5];
    reg [31:0] number6 = 0;
    always @(posedge clock) number6 <= clear ? 32'd0 : number6 + events[6];
    reg [31:0] number7 = 0;
    always @(posedge clock) number7 <= clear ? 32'd0 : number7 + events[7];
    always @(posedge clock) case (which)
       0: number <= number0;
       1: number <= number1;
       2: number <= number2;
       3: number <= number3;
       4: number <= number4;
       5: number <= number5;
       6: number <= number6;
       7: number <= number7;
    endcase
endmodule
