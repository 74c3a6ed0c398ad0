module frame_sender(clock,write,write_address,write_data,start,first,last,ready,busy,data,valid);
    
    // Module arguments
    input wire  clock;
    input wire  write;
    input wire  [6:0] write_address;
    input wire  [7:0] write_data;
    input wire  start;
    input wire  [6:0] first;
    input wire  [6:0] last;
    input wire  ready;
    output reg  busy;
    output reg  [7:0] data;
    output reg  valid;
    
    // Enums
    localparam Sending$Idle = 0;
    localparam Sending$Look = 1;
    localparam Sending$Seek = 2;
    localparam Sending$Code = 3;
    localparam Sending$Read = 4;
    localparam Sending$Copy = 5;
    localparam Sending$End = 6;
    
    // Stub signals
    reg  buffer$clock;
    reg  buffer$write;
    reg  [6:0] buffer$write_address;
    reg  [7:0] buffer$write_data;
    reg  [6:0] buffer$address;
    wire  [7:0] buffer$data;
    reg  phase$clock;
    reg  [2:0] phase$d;
    wire  [2:0] phase$q;
    reg  begin_block$clock;
    reg  [6:0] begin_block$d;
    wire  [6:0] begin_block$q;
    reg  end_block$clock;
    reg  [6:0] end_block$d;
    wire  [6:0] end_block$q;
    reg  end_content$clock;
    reg  [6:0] end_content$d;
    wire  [6:0] end_content$q;
    reg  cursor$clock;
    reg  [6:0] cursor$d;
    wire  [6:0] cursor$q;
    
    // Local signals
    reg  [6:0] span;
    reg  onward;
    
    // Sub module instances
    frame_sender$buffer buffer(..);
    frame_sender$phase phase(..);
    frame_sender$begin_block begin_block(..);
    frame_sender$end_block end_block(..);
    frame_sender$end_content end_content(..);
    frame_sender$cursor cursor(..);
    
    // Update code
    always @(*) begin
        phase$clock = clock;
        begin_block$clock = clock;
        end_block$clock = clock;
        end_content$clock = clock;
        cursor$clock = clock;
        phase$d = phase$q;
        begin_block$d = begin_block$q;
        end_block$d = end_block$q;
        end_content$d = end_content$q;
        cursor$d = cursor$q;
        buffer$clock = clock;
        buffer$write = write;
        buffer$write_address = write_address;
        buffer$write_data = write_data;
        buffer$address = end_block$q;
        busy = 1'b1;
        valid = 1'b0;
        span = end_block$q - begin_block$q;
        data = ((span) & 8'hff) + 32'h1;
        onward = 1'b0;
        case (phase$q)
            Sending$Idle:
                begin
                    busy = 1'b0;
                    begin_block$d = first;
                    end_block$d = first;
                    end_content$d = last;
                    if (start) begin
                        phase$d = Sending$Look;
                    end
                end
            Sending$Look:
                begin
                    phase$d = Sending$Seek;
                end
            Sending$Seek:
                begin
                    phase$d = Sending$Look;
                    end_block$d = end_block$q + 32'h1;
                    if ((end_block$q == end_content$q) | (buffer$data == ((32'h0) & 8'hff))) begin
                        end_block$d = end_block$q;
                        phase$d = Sending$Code;
                    end
                end
            Sending$Code:
                begin
                    valid = 1'b1;
                    cursor$d = begin_block$q;
                    if (ready) begin
                        phase$d = Sending$Read;
                        onward = begin_block$q == end_block$q;
                    end
                end
            Sending$Read:
                begin
                    buffer$address = cursor$q;
                    cursor$d = cursor$q + 32'h1;
                    phase$d = Sending$Copy;
                end
            Sending$Copy:
                begin
                    valid = 1'b1;
                    data = buffer$data;
                    buffer$address = cursor$q - 32'h1;
                    if (ready) begin
                        phase$d = Sending$Read;
                        onward = cursor$q == end_block$q;
                    end
                end
            default:
                begin
                    valid = 1'b1;
                    data = ((32'h0) & 8'hff);
                    if (ready) begin
                        phase$d = Sending$Idle;
                    end
                end
        endcase
        if (onward) begin
            phase$d = Sending$Look;
            begin_block$d = end_block$q + 32'h1;
            end_block$d = end_block$q + 32'h1;
            if (end_block$q == end_content$q) begin
                phase$d = Sending$End;
            end
        end
    end
    
endmodule
