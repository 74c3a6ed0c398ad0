module crossbar_core(clock,rx_data,rx_valid,tx_ready,rx_ready,tx_data,tx_valid,loaded,tap_sum_valid,tap_sum,tap_code_valid,tap_code,tap_index_valid,tap_index,tap_gate_valid,tap_gate,tap_cell_valid,tap_cell,tap_hidden_valid,tap_hidden,tap_readout,tap_logit_valid,tap_logit);
    
    // Module arguments
    input wire  clock;
    input wire  [7:0] rx_data;
    input wire  rx_valid;
    input wire  tx_ready;
    output reg  rx_ready;
    output reg  [7:0] tx_data;
    output reg  tx_valid;
    output reg  loaded;
    output reg  tap_sum_valid;
    output reg  [23:0] tap_sum;
    output reg  tap_code_valid;
    output reg  [7:0] tap_code;
    output reg  tap_index_valid;
    output reg  [8:0] tap_index;
    output reg  tap_gate_valid;
    output reg  [11:0] tap_gate;
    output reg  tap_cell_valid;
    output reg  [15:0] tap_cell;
    output reg  tap_hidden_valid;
    output reg  [7:0] tap_hidden;
    output reg  [7:0] tap_readout;
    output reg  tap_logit_valid;
    output reg  [24:0] tap_logit;
    
    // Stub signals
    reg  receiver$clock;
    reg  [7:0] receiver$data;
    reg  receiver$valid;
    reg  receiver$finished;
    reg  [6:0] receiver$address;
    wire  receiver$ready;
    wire  receiver$waiting;
    wire  receiver$intact;
    wire  [6:0] receiver$length;
    wire  [7:0] receiver$content;
    reg  requests$clock;
    reg  requests$waiting;
    reg  requests$intact;
    reg  [6:0] requests$length;
    reg  [7:0] requests$content;
    reg  requests$sending;
    reg  requests$busy;
    reg  [7:0] requests$verdict;
    reg  [6:0] requests$checked;
    reg  [7:0] requests$flaw;
    reg  requests$commits;
    reg  requests$works;
    reg  [6:0] requests$position;
    reg  [7:0] requests$reply;
    reg  [6:0] requests$reply_tail;
    wire  [6:0] requests$address;
    wire  requests$finished;
    wire  requests$write;
    wire  [6:0] requests$write_address;
    wire  [7:0] requests$write_data;
    wire  requests$send;
    wire  [6:0] requests$reply_first;
    wire  [6:0] requests$reply_last;
    wire  [7:0] requests$order;
    wire  [6:0] requests$payload;
    wire  [7:0] requests$octet;
    wire  [6:0] requests$ordinal;
    wire  requests$checking;
    wire  requests$ending;
    wire  requests$committing;
    wire  requests$start;
    wire  requests$clear;
    wire  requests$sealed;
    wire  requests$loading;
    wire  [6:0] requests$cursor;
    wire  [31:0] requests$cycles;
    reg  orders$clock;
    reg  [7:0] orders$order;
    reg  [6:0] orders$payload;
    reg  [7:0] orders$octet;
    reg  [6:0] orders$ordinal;
    reg  orders$checking;
    reg  orders$committing;
    reg  orders$sealed;
    reg  orders$loading;
    reg  [6:0] orders$cursor;
    reg  [31:0] orders$cycles;
    reg  [23:0] orders$steps;
    reg  [7:0] orders$answered;
    reg  [24:0] orders$logit;
    reg  [7:0] orders$asked;
    wire  [7:0] orders$verdict;
    wire  [6:0] orders$checked;
    wire  [7:0] orders$flaw;
    wire  orders$commits;
    wire  orders$works;
    wire  [6:0] orders$position;
    wire  [7:0] orders$reply;
    wire  [6:0] orders$reply_tail;
    wire  [71:0] orders$settings;
    wire  [21:0] orders$gate_setting;
    wire  [31:0] orders$row_byte;
    wire  orders$answer;
    wire  orders$symbol;
    reg  array$clock;
    reg  [71:0] array$settings;
    reg  [21:0] array$gate_setting;
    reg  [31:0] array$row_byte;
    reg  array$start;
    reg  array$answer;
    reg  array$symbol;
    reg  [7:0] array$octet;
    reg  array$clear;
    wire  array$busy;
    wire  [7:0] array$position;
    wire  [23:0] array$steps;
    wire  [7:0] array$answered;
    wire  [24:0] array$logit;
    wire  array$tap_sum_valid;
    wire  [23:0] array$tap_sum;
    wire  array$tap_code_valid;
    wire  [7:0] array$tap_code;
    wire  array$tap_index_valid;
    wire  [8:0] array$tap_index;
    wire  array$tap_gate_valid;
    wire  [11:0] array$tap_gate;
    wire  array$tap_cell_valid;
    wire  [15:0] array$tap_cell;
    wire  array$tap_hidden_valid;
    wire  [7:0] array$tap_hidden;
    wire  [7:0] array$tap_readout;
    wire  array$tap_logit_valid;
    wire  [24:0] array$tap_logit;
    reg  sender$clock;
    reg  sender$write;
    reg  [6:0] sender$write_address;
    reg  [7:0] sender$write_data;
    reg  sender$start;
    reg  [6:0] sender$first;
    reg  [6:0] sender$last;
    reg  sender$ready;
    wire  sender$busy;
    wire  [7:0] sender$data;
    wire  sender$valid;
    
    // Sub module instances
    crossbar_core$receiver receiver(
        .clock(receiver$clock),
        .data(receiver$data),
        .valid(receiver$valid),
        .finished(receiver$finished),
        .address(receiver$address),
        .ready(receiver$ready),
        .waiting(receiver$waiting),
        .intact(receiver$intact),
        .length(receiver$length),
        .content(receiver$content)
    );
    crossbar_core$requests requests(
        .clock(requests$clock),
        .waiting(requests$waiting),
        .intact(requests$intact),
        .length(requests$length),
        .content(requests$content),
        .sending(requests$sending),
        .busy(requests$busy),
        .verdict(requests$verdict),
        .checked(requests$checked),
        .flaw(requests$flaw),
        .commits(requests$commits),
        .works(requests$works),
        .position(requests$position),
        .reply(requests$reply),
        .reply_tail(requests$reply_tail),
        .address(requests$address),
        .finished(requests$finished),
        .write(requests$write),
        .write_address(requests$write_address),
        .write_data(requests$write_data),
        .send(requests$send),
        .reply_first(requests$reply_first),
        .reply_last(requests$reply_last),
        .order(requests$order),
        .payload(requests$payload),
        .octet(requests$octet),
        .ordinal(requests$ordinal),
        .checking(requests$checking),
        .ending(requests$ending),
        .committing(requests$committing),
        .start(requests$start),
        .clear(requests$clear),
        .sealed(requests$sealed),
        .loading(requests$loading),
        .cursor(requests$cursor),
        .cycles(requests$cycles)
    );
    crossbar_core$orders orders(
        .clock(orders$clock),
        .order(orders$order),
        .payload(orders$payload),
        .octet(orders$octet),
        .ordinal(orders$ordinal),
        .checking(orders$checking),
        .committing(orders$committing),
        .sealed(orders$sealed),
        .loading(orders$loading),
        .cursor(orders$cursor),
        .cycles(orders$cycles),
        .steps(orders$steps),
        .answered(orders$answered),
        .logit(orders$logit),
        .asked(orders$asked),
        .verdict(orders$verdict),
        .checked(orders$checked),
        .flaw(orders$flaw),
        .commits(orders$commits),
        .works(orders$works),
        .position(orders$position),
        .reply(orders$reply),
        .reply_tail(orders$reply_tail),
        .settings(orders$settings),
        .gate_setting(orders$gate_setting),
        .row_byte(orders$row_byte),
        .answer(orders$answer),
        .symbol(orders$symbol)
    );
    crossbar_core$array array(
        .clock(array$clock),
        .settings(array$settings),
        .gate_setting(array$gate_setting),
        .row_byte(array$row_byte),
        .start(array$start),
        .answer(array$answer),
        .symbol(array$symbol),
        .octet(array$octet),
        .clear(array$clear),
        .busy(array$busy),
        .position(array$position),
        .steps(array$steps),
        .answered(array$answered),
        .logit(array$logit),
        .tap_sum_valid(array$tap_sum_valid),
        .tap_sum(array$tap_sum),
        .tap_code_valid(array$tap_code_valid),
        .tap_code(array$tap_code),
        .tap_index_valid(array$tap_index_valid),
        .tap_index(array$tap_index),
        .tap_gate_valid(array$tap_gate_valid),
        .tap_gate(array$tap_gate),
        .tap_cell_valid(array$tap_cell_valid),
        .tap_cell(array$tap_cell),
        .tap_hidden_valid(array$tap_hidden_valid),
        .tap_hidden(array$tap_hidden),
        .tap_readout(array$tap_readout),
        .tap_logit_valid(array$tap_logit_valid),
        .tap_logit(array$tap_logit)
    );
    crossbar_core$sender sender(
        .clock(sender$clock),
        .write(sender$write),
        .write_address(sender$write_address),
        .write_data(sender$write_data),
        .start(sender$start),
        .first(sender$first),
        .last(sender$last),
        .ready(sender$ready),
        .busy(sender$busy),
        .data(sender$data),
        .valid(sender$valid)
    );
    
    // Update code
    always @(*) begin
        receiver$clock = clock;
        receiver$data = rx_data;
        receiver$valid = rx_valid;
        rx_ready = receiver$ready;
        receiver$finished = requests$finished;
        receiver$address = requests$address;
        requests$clock = clock;
        requests$waiting = receiver$waiting;
        requests$intact = receiver$intact;
        requests$length = receiver$length;
        requests$content = receiver$content;
        requests$sending = sender$busy;
        requests$busy = array$busy;
        requests$verdict = orders$verdict;
        requests$checked = orders$checked;
        requests$flaw = orders$flaw;
        requests$commits = orders$commits;
        requests$works = orders$works;
        requests$position = orders$position;
        requests$reply = orders$reply;
        requests$reply_tail = orders$reply_tail;
        orders$clock = clock;
        orders$order = requests$order;
        orders$payload = requests$payload;
        orders$octet = requests$octet;
        orders$ordinal = requests$ordinal;
        orders$checking = requests$checking;
        orders$committing = requests$committing;
        orders$sealed = requests$sealed;
        orders$loading = requests$loading;
        orders$cursor = requests$cursor;
        orders$cycles = requests$cycles;
        orders$steps = array$steps;
        orders$answered = array$answered;
        orders$logit = array$logit;
        orders$asked = array$position;
        array$clock = clock;
        array$settings = orders$settings;
        array$gate_setting = orders$gate_setting;
        array$row_byte = orders$row_byte;
        array$start = requests$start;
        array$answer = orders$answer;
        array$symbol = orders$symbol;
        array$octet = requests$octet;
        array$clear = requests$clear;
        sender$clock = clock;
        sender$write = requests$write;
        sender$write_address = requests$write_address;
        sender$write_data = requests$write_data;
        sender$start = requests$send;
        sender$first = requests$reply_first;
        sender$last = requests$reply_last;
        sender$ready = tx_ready;
        tx_data = sender$data;
        tx_valid = sender$valid;
        loaded = requests$sealed;
        tap_sum_valid = array$tap_sum_valid;
        tap_sum = array$tap_sum;
        tap_code_valid = array$tap_code_valid;
        tap_code = array$tap_code;
        tap_index_valid = array$tap_index_valid;
        tap_index = array$tap_index;
        tap_gate_valid = array$tap_gate_valid;
        tap_gate = array$tap_gate;
        tap_cell_valid = array$tap_cell_valid;
        tap_cell = array$tap_cell;
        tap_hidden_valid = array$tap_hidden_valid;
        tap_hidden = array$tap_hidden;
        tap_readout = array$tap_readout;
        tap_logit_valid = array$tap_logit_valid;
        tap_logit = array$tap_logit;
    end
    
endmodule
