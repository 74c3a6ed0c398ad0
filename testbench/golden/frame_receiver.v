module frame_receiver(clock,data,valid,first,address,ready,waiting,content);
    
    // Module arguments
    input wire  clock;
    input wire  [7:0] data;
    input wire  valid;
    input wire  [8:0] first;
    input wire  [8:0] address;
    output reg  ready;
    output reg  waiting;
    output reg  [7:0] content;
    
    // Constant declarations
    localparam  most = 8'hfe;
    localparam  residue = 16'he2f0;
    
    // Stub signals
    reg  ring$clock;
    reg  ring$write;
    reg  [8:0] ring$write_address;
    reg  [7:0] ring$write_data;
    reg  [8:0] ring$address;
    wire  [7:0] ring$data;
    reg  [15:0] crc$sum;
    reg  [7:0] crc$data;
    wire  [15:0] crc$next_sum;
    reg  sum$clock;
    reg  [15:0] sum$d;
    wire  [15:0] sum$q;
    reg  mark$clock;
    reg  [8:0] mark$d;
    wire  [8:0] mark$q;
    reg  size$clock;
    reg  [7:0] size$d;
    wire  [7:0] size$q;
    reg  owed$clock;
    reg  [7:0] owed$d;
    wire  [7:0] owed$q;
    reg  started$clock;
    reg  started$d;
    wire  started$q;
    reg  overflow$clock;
    reg  overflow$d;
    wire  overflow$q;
    
    // Local signals
    reg  room;
    reg  append;
    reg  [7:0] appended;
    reg  [8:0] behind;
    reg  short;
    reg  whole;
    
    // Sub module instances
    frame_receiver$ring ring(..);
    frame_receiver$crc crc(..);
    frame_receiver$sum sum(..);
    frame_receiver$mark mark(..);
    frame_receiver$size size(..);
    frame_receiver$owed owed(..);
    frame_receiver$started started(..);
    frame_receiver$overflow overflow(..);
    
    // Update code
    always @(*) begin
        sum$clock = clock;
        mark$clock = clock;
        size$clock = clock;
        owed$clock = clock;
        started$clock = clock;
        overflow$clock = clock;
        sum$d = sum$q;
        mark$d = mark$q;
        size$d = size$q;
        owed$d = owed$q;
        started$d = started$q;
        overflow$d = overflow$q;
        behind = mark$q + ((size$q) & 9'h1ff);
        room = (behind != first) | ~started$q;
        ready = room;
        append = 1'b0;
        appended = data;
        short = (size$q == ((32'h4) & 8'hff)) | ((size$q & ((32'hfc) & 8'hff)) == ((32'h0) & 8'hff));
        whole = (owed$q == ((32'h0) & 8'hff)) & (sum$q == residue) & ~short & ~overflow$q;
        crc$sum = sum$q;
        ring$clock = clock;
        ring$write = 1'b0;
        ring$write_address = behind;
        ring$address = address;
        if (valid & room) begin
            if (data == ((32'h0) & 8'hff)) begin
                if (started$q) begin
                    ring$write = 1'b1;
                    ring$write_address = mark$q;
                    appended = ((32'h1) & 8'hff);
                    mark$d = mark$q + 32'h1;
                    if (whole) begin
                        appended = size$q;
                        mark$d = behind;
                    end
                end
                started$d = 1'b0;
            end
            else begin
                owed$d = owed$q - 32'h1;
                append = started$q;
                if ((owed$q == ((32'h0) & 8'hff)) | ~started$q) begin
                    appended = ((32'h0) & 8'hff);
                    owed$d = data - 32'h1;
                end
                if (~started$q) begin
                    started$d = 1'b1;
                    overflow$d = 1'b0;
                    size$d = ((32'h1) & 8'hff);
                    sum$d = 32'h0;
                end
            end
        end
        if (append) begin
            sum$d = crc$next_sum;
            if (size$q == most) begin
                overflow$d = 1'b1;
            end
            else begin
                ring$write = 1'b1;
                size$d = size$q + 32'h1;
            end
        end
        crc$data = appended;
        ring$write_data = appended;
        waiting = mark$q != first;
        content = ring$data;
    end
    
endmodule
