module cell_unit(clock,gru,restart,fresh,take,gate,value,bits,code,readout,shown,updated,done,candidate,found);
    
    // Module arguments
    input wire  clock;
    input wire  gru;
    input wire  restart;
    input wire  fresh;
    input wire  take;
    input wire  [1:0] gate;
    input wire  [11:0] value;
    input wire  [3:0] bits;
    output reg  [7:0] code;
    output reg  [7:0] readout;
    output reg  shown;
    output reg  [15:0] updated;
    output reg  done;
    output reg  [11:0] candidate;
    output reg  found;
    
    // Stub signals
    reg  update$clock;
    reg  update$gru;
    reg  update$take;
    reg  [1:0] update$gate;
    reg  [11:0] update$value;
    reg  [15:0] update$state;
    reg  [11:0] update$tanh;
    wire  [10:0] update$shown;
    wire  [15:0] update$updated;
    wire  update$done;
    wire  [8:0] update$index;
    wire  [11:0] update$candidate;
    wire  update$found;
    reg  states$clock;
    reg  states$write;
    reg  [7:0] states$write_address;
    reg  [15:0] states$write_data;
    reg  [7:0] states$address;
    wire  [15:0] states$data;
    reg  lookup$clock;
    reg  [8:0] lookup$address;
    wire  [14:0] lookup$data;
    reg  showing$clock;
    reg  showing$gru;
    reg  [15:0] showing$state;
    reg  [11:0] showing$tanh;
    reg  [10:0] showing$shown;
    reg  [3:0] showing$bits;
    wire  [7:0] showing$code;
    wire  [7:0] showing$readout;
    reg  number$clock;
    reg  [7:0] number$d;
    wire  [7:0] number$q;
    reg  reading$clock;
    reg  [7:0] reading$d;
    wire  [7:0] reading$q;
    reg  output$0$clock;
    reg  [10:0] output$0$d;
    wire  [10:0] output$0$q;
    reg  output$1$clock;
    reg  [10:0] output$1$d;
    wire  [10:0] output$1$q;
    reg  output$2$clock;
    reg  [10:0] output$2$d;
    wire  [10:0] output$2$q;
    reg  under_way$0$clock;
    reg  under_way$0$d;
    wire  under_way$0$q;
    reg  under_way$1$clock;
    reg  under_way$1$d;
    wire  under_way$1$q;
    reg  under_way$2$clock;
    reg  under_way$2$d;
    wire  under_way$2$q;
    reg  under_way$3$clock;
    reg  under_way$3$d;
    wire  under_way$3$q;
    reg  under_way$4$clock;
    reg  under_way$4$d;
    wire  under_way$4$q;
    
    // Sub module instances
    cell_unit$update update(..);
    cell_unit$states states(..);
    cell_unit$lookup lookup(..);
    cell_unit$showing showing(..);
    cell_unit$number number(..);
    cell_unit$reading reading(..);
    cell_unit$output$0 output$0(..);
    cell_unit$output$1 output$1(..);
    cell_unit$output$2 output$2(..);
    cell_unit$under_way$0 under_way$0(..);
    cell_unit$under_way$1 under_way$1(..);
    cell_unit$under_way$2 under_way$2(..);
    cell_unit$under_way$3 under_way$3(..);
    cell_unit$under_way$4 under_way$4(..);
    
    // Update code
    always @(*) begin
        number$clock = clock;
        reading$clock = clock;
        number$d = number$q;
        reading$d = reading$q;
        if (update$done) begin
            number$d = number$q + 32'h1;
        end
        if (take & (gate == ((32'h3) & 2'h3))) begin
            reading$d = reading$q + 32'h1;
        end
        if (restart) begin
            number$d = 32'h0;
            reading$d = 32'h0;
        end
        update$clock = clock;
        update$gru = gru;
        update$tanh = ((lookup$data) & 12'hfff);
        update$take = take;
        update$gate = gate;
        update$value = value;
        update$state = states$data;
        if (fresh) begin
            update$state = ((32'h0) & 16'hffff);
        end
        states$clock = clock;
        states$address = reading$q;
        states$write_address = number$q;
        states$write = update$done;
        states$write_data = update$updated;
        lookup$clock = clock;
        lookup$address = update$index;
        showing$clock = clock;
        showing$gru = gru;
        showing$state = update$updated;
        showing$tanh = ((lookup$data) & 12'hfff);
        output$0$clock = clock;
        output$0$d = update$shown;
        output$1$clock = clock;
        output$1$d = output$0$q;
        output$2$clock = clock;
        output$2$d = output$1$q;
        showing$shown = output$2$q;
        showing$bits = bits;
        under_way$0$clock = clock;
        under_way$0$d = update$done;
        under_way$1$clock = clock;
        under_way$1$d = under_way$0$q;
        under_way$2$clock = clock;
        under_way$2$d = under_way$1$q;
        under_way$3$clock = clock;
        under_way$3$d = under_way$2$q;
        under_way$4$clock = clock;
        under_way$4$d = under_way$3$q;
        code = showing$code;
        readout = showing$readout;
        shown = under_way$4$q;
        if (gru) begin
            shown = under_way$2$q;
        end
        updated = update$updated;
        done = update$done;
        candidate = update$candidate;
        found = update$found;
    end
    
endmodule
