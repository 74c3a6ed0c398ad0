module queue(clock,compare,last,turn,plane$0,plane$1,judged,hit,valid,closing,room,ready,remembered,signs);
    
    // Module arguments
    input wire  clock;
    input wire  compare;
    input wire  last;
    input wire  [3:0] turn;
    input wire  [15:0] plane$0;
    input wire  [15:0] plane$1;
    input wire  judged;
    input wire  hit;
    input wire  valid;
    input wire  closing;
    output reg  room;
    output reg  ready;
    output reg  remembered;
    output reg  [15:0] signs;
    
    // Update code (custom)
    (* no_rw_check *) reg [7:0] cells [0:31];
    reg [0:0] turns [0:15];
    reg hits [0:15];
    reg [4:0] tail = 0;
    reg [4:0] verdicts = 0;
    reg [4:0] head = 0;
    reg [3:0] filling = 0;
    reg [4:0] taking = 0;
    reg write = 0;
    reg [4:0] write_cell = 0;
    reg [4:0] read_cell = 0;
    reg [0:0] place = 0;
    reg [0:0] shown = 0;
    reg [7:0] data;
    wire [4:0] used = tail - head;
    integer number;
    initial for (number = 0; number <= 15; number = number + 1) begin
       turns[number] = 0;
       hits[number] = 0;
    end
    always @(*) begin
       room = ~used[4];
       ready = verdicts != head;
       remembered = hits[head[3:0]];
       case (shown)
          0: signs = {12'b0, data[3:0]};
          1: signs = {12'b0, data[7:4]};
       endcase
    end
    always @(posedge clock) begin
       data <= cells[read_cell];
       shown <= place;
       if (valid) begin
          read_cell <= {head[3:0], taking[1:1]};
          place <= turns[head[3:0]] + taking[0:0];
          taking <= closing ? 5'd0 : taking + 5'd1;
          if (closing) head <= head + 5'd1;
       end
       if (write) cells[write_cell] <= {plane$1[3:0], plane$0[3:0]};
       write <= compare;
       if (compare) begin
          write_cell <= {tail[3:0], filling[0:0]};
          turns[tail[3:0]] <= turn[0:0];
          filling <= last ? 4'd0 : filling + 4'd1;
          if (last) tail <= tail + 5'd1;
       end
       if (judged) begin
          hits[verdicts[3:0]] <= hit;
          verdicts <= verdicts + 5'd1;
       end
    end
endmodule
