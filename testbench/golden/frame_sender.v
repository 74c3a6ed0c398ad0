module frame_sender(clock,write,write_address,write_data,start,slot,ready,busy,data,valid);
    
    // Module arguments
    input wire  clock;
    input wire  write;
    input wire  [8:0] write_address;
    input wire  [7:0] write_data;
    input wire  start;
    input wire  [2:0] slot;
    input wire  ready;
    output reg  busy;
    output reg  [7:0] data;
    output reg  valid;
    
    // Enums
    localparam Sending$Idle = 0;
    localparam Sending$Length = 1;
    localparam Sending$Measure = 2;
    localparam Sending$Look = 3;
    localparam Sending$Seek = 4;
    localparam Sending$Code = 5;
    localparam Sending$Read = 6;
    localparam Sending$Copy = 7;
    localparam Sending$End = 8;
    
    // Stub signals
    reg  replies$clock;
    reg  replies$write;
    reg  [8:0] replies$write_address;
    reg  [7:0] replies$write_data;
    reg  [8:0] replies$address;
    wire  [7:0] replies$data;
    reg  phase$clock;
    reg  [3:0] phase$d;
    wire  [3:0] phase$q;
    reg  from$clock;
    reg  [2:0] from$d;
    wire  [2:0] from$q;
    reg  begin_block$clock;
    reg  [5:0] begin_block$d;
    wire  [5:0] begin_block$q;
    reg  end_block$clock;
    reg  [5:0] end_block$d;
    wire  [5:0] end_block$q;
    reg  end_content$clock;
    reg  [5:0] end_content$d;
    wire  [5:0] end_content$q;
    reg  cursor$clock;
    reg  [5:0] cursor$d;
    wire  [5:0] cursor$q;
    
    // Local signals
    reg  [5:0] place;
    reg  [5:0] span;
    reg  onward;
    
    // Sub module instances
    frame_sender$replies replies(..);
    frame_sender$phase phase(..);
    frame_sender$from from(..);
    frame_sender$begin_block begin_block(..);
    frame_sender$end_block end_block(..);
    frame_sender$end_content end_content(..);
    frame_sender$cursor cursor(..);
    
    // Update code
    always @(*) begin
        phase$clock = clock;
        from$clock = clock;
        begin_block$clock = clock;
        end_block$clock = clock;
        end_content$clock = clock;
        cursor$clock = clock;
        phase$d = phase$q;
        from$d = from$q;
        begin_block$d = begin_block$q;
        end_block$d = end_block$q;
        end_content$d = end_content$q;
        cursor$d = cursor$q;
        replies$clock = clock;
        replies$write = write;
        replies$write_address = write_address;
        replies$write_data = write_data;
        place = end_block$q;
        busy = 1'b1;
        valid = 1'b0;
        span = end_block$q - begin_block$q;
        data = ((span) & 8'hff) + 32'h1;
        onward = 1'b0;
        case (phase$q)
            Sending$Idle:
                begin
                    busy = 1'b0;
                    from$d = slot;
                    if (start) begin
                        phase$d = Sending$Length;
                    end
                end
            Sending$Length:
                begin
                    place = ((32'h0) & 6'h3f);
                    phase$d = Sending$Measure;
                end
            Sending$Measure:
                begin
                    begin_block$d = ((32'h1) & 6'h3f);
                    end_block$d = ((32'h1) & 6'h3f);
                    end_content$d = ((replies$data) & 6'h3f);
                    phase$d = Sending$Look;
                end
            Sending$Look:
                begin
                    phase$d = Sending$Seek;
                end
            Sending$Seek:
                begin
                    phase$d = Sending$Look;
                    end_block$d = end_block$q + 32'h1;
                    if ((end_block$q == end_content$q) | (replies$data == ((32'h0) & 8'hff))) begin
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
                    place = cursor$q;
                    cursor$d = cursor$q + 32'h1;
                    phase$d = Sending$Copy;
                end
            Sending$Copy:
                begin
                    valid = 1'b1;
                    data = replies$data;
                    place = cursor$q - 32'h1;
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
        replies$address = (((from$q) & 9'h1ff) << 32'h6) | ((place) & 9'h1ff);
    end
    
endmodule
