module frame_receiver(clock,data,valid,finished,address,ready,waiting,intact,length,content);
    
    // Module arguments
    input wire  clock;
    input wire  [7:0] data;
    input wire  valid;
    input wire  finished;
    input wire  [6:0] address;
    output reg  ready;
    output reg  waiting;
    output reg  intact;
    output reg  [6:0] length;
    output reg  [7:0] content;
    
    // Constant declarations
    localparam  most = 7'b1100000;
    localparam  least = 7'b100;
    localparam  residue = 16'he2f0;
    
    // Stub signals
    reg  buffer$clock;
    reg  buffer$write;
    reg  [6:0] buffer$write_address;
    reg  [7:0] buffer$write_data;
    reg  [6:0] buffer$address;
    wire  [7:0] buffer$data;
    reg  [15:0] crc$sum;
    reg  [7:0] crc$data;
    wire  [15:0] crc$next_sum;
    reg  sum$clock;
    reg  [15:0] sum$d;
    wire  [15:0] sum$q;
    reg  count$clock;
    reg  [6:0] count$d;
    wire  [6:0] count$q;
    reg  owed$clock;
    reg  [7:0] owed$d;
    wire  [7:0] owed$q;
    reg  started$clock;
    reg  started$d;
    wire  started$q;
    reg  overflow$clock;
    reg  overflow$d;
    wire  overflow$q;
    reg  complete$clock;
    reg  complete$d;
    wire  complete$q;
    
    // Local signals
    reg  append;
    reg  [7:0] appended;
    reg  zero;
    
    // Sub module instances
    frame_receiver$buffer buffer(..);
    frame_receiver$crc crc(..);
    frame_receiver$sum sum(..);
    frame_receiver$count count(..);
    frame_receiver$owed owed(..);
    frame_receiver$started started(..);
    frame_receiver$overflow overflow(..);
    frame_receiver$complete complete(..);
    
    // Update code
    always @(*) begin
        sum$clock = clock;
        count$clock = clock;
        owed$clock = clock;
        started$clock = clock;
        overflow$clock = clock;
        complete$clock = clock;
        sum$d = sum$q;
        count$d = count$q;
        owed$d = owed$q;
        started$d = started$q;
        overflow$d = overflow$q;
        complete$d = complete$q;
        ready = ~complete$q;
        append = 1'b0;
        appended = data;
        zero = data == ((32'h0) & 8'hff);
        if (valid & ~complete$q) begin
            if (zero) begin
                complete$d = started$q;
            end
            else begin
                if (owed$q == ((32'h0) & 8'hff)) begin
                    started$d = 1'b1;
                    append = started$q;
                    appended = ((32'h0) & 8'hff);
                    owed$d = data - 32'h1;
                end
                else begin
                    append = 1'b1;
                    owed$d = owed$q - 32'h1;
                end
            end
        end
        crc$sum = sum$q;
        crc$data = appended;
        buffer$clock = clock;
        buffer$write = 1'b0;
        buffer$write_address = count$q;
        buffer$write_data = appended;
        buffer$address = address;
        if (append) begin
            sum$d = crc$next_sum;
            if (count$q == most) begin
                overflow$d = 1'b1;
            end
            else begin
                buffer$write = 1'b1;
                count$d = count$q + 32'h1;
            end
        end
        if (finished) begin
            complete$d = 1'b0;
            started$d = 1'b0;
            overflow$d = 1'b0;
            count$d = 32'h0;
            owed$d = 32'h0;
            sum$d = 32'h0;
        end
        waiting = complete$q;
        intact = (owed$q == ((32'h0) & 8'hff)) & (sum$q == residue) & (count$q >= least) & ~overflow$q;
        length = count$q;
        content = buffer$data;
    end
    
endmodule
