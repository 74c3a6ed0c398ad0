module crossbar_core_with_memo(clock,rx_data,rx_valid,tx_ready,rx_ready,tx_data,tx_valid,loaded,tap_sum_valid,tap_sum,tap_code_valid,tap_code,tap_index_valid,tap_index,tap_gate_valid,tap_gate,tap_cell_valid,tap_cell,tap_hidden_valid,tap_hidden,tap_readout,tap_logit_valid,tap_logit,tap_verdict$0);
    
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
    output reg  [1:0] tap_verdict$0;
    
    // Stub signals
    reg  link$clock;
    reg  [7:0] link$rx_data;
    reg  link$rx_valid;
    reg  link$tx_ready;
    reg  [47:0] link$ruling;
    reg  link$busy;
    wire  link$rx_ready;
    wire  [7:0] link$tx_data;
    wire  link$tx_valid;
    wire  [40:0] link$request;
    wire  link$start;
    wire  link$clear;
    reg  orders$clock;
    reg  [40:0] orders$request;
    reg  [23:0] orders$steps;
    reg  [7:0] orders$answered;
    reg  [24:0] orders$logit;
    reg  [7:0] orders$asked;
    reg  [31:0] orders$memo_number$0;
    wire  [47:0] orders$ruling;
    wire  [71:0] orders$settings;
    wire  [21:0] orders$gate_setting;
    wire  [31:0] orders$row_byte;
    wire  orders$answer;
    wire  orders$symbol;
    wire  [51:0] orders$memo_settings$0;
    wire  [2:0] orders$memo_which$0;
    reg  array$clock;
    reg  [71:0] array$settings;
    reg  [21:0] array$gate_setting;
    reg  [31:0] array$row_byte;
    reg  array$start;
    reg  array$answer;
    reg  array$symbol;
    reg  [7:0] array$octet;
    reg  array$clear;
    reg  [51:0] array$memo_settings$0;
    reg  [2:0] array$memo_which$0;
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
    wire  [31:0] array$memo_number$0;
    wire  [1:0] array$tap_verdict$0;
    
    // Sub module instances
    crossbar_core_with_memo$link link(
        .clock(link$clock),
        .rx_data(link$rx_data),
        .rx_valid(link$rx_valid),
        .tx_ready(link$tx_ready),
        .ruling(link$ruling),
        .busy(link$busy),
        .rx_ready(link$rx_ready),
        .tx_data(link$tx_data),
        .tx_valid(link$tx_valid),
        .request(link$request),
        .start(link$start),
        .clear(link$clear)
    );
    crossbar_core_with_memo$orders orders(
        .clock(orders$clock),
        .request(orders$request),
        .steps(orders$steps),
        .answered(orders$answered),
        .logit(orders$logit),
        .asked(orders$asked),
        .memo_number$0(orders$memo_number$0),
        .ruling(orders$ruling),
        .settings(orders$settings),
        .gate_setting(orders$gate_setting),
        .row_byte(orders$row_byte),
        .answer(orders$answer),
        .symbol(orders$symbol),
        .memo_settings$0(orders$memo_settings$0),
        .memo_which$0(orders$memo_which$0)
    );
    crossbar_core_with_memo$array array(
        .clock(array$clock),
        .settings(array$settings),
        .gate_setting(array$gate_setting),
        .row_byte(array$row_byte),
        .start(array$start),
        .answer(array$answer),
        .symbol(array$symbol),
        .octet(array$octet),
        .clear(array$clear),
        .memo_settings$0(array$memo_settings$0),
        .memo_which$0(array$memo_which$0),
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
        .tap_logit(array$tap_logit),
        .memo_number$0(array$memo_number$0),
        .tap_verdict$0(array$tap_verdict$0)
    );
    
    // Update code
    always @(*) begin
        link$clock = clock;
        link$rx_data = rx_data;
        link$rx_valid = rx_valid;
        rx_ready = link$rx_ready;
        tx_data = link$tx_data;
        tx_valid = link$tx_valid;
        link$tx_ready = tx_ready;
        link$ruling = orders$ruling;
        link$busy = array$busy;
        loaded = link$request[(64'h20)+:(1)];
        orders$clock = clock;
        orders$request = link$request;
        orders$steps = array$steps;
        orders$answered = array$answered;
        orders$logit = array$logit;
        orders$asked = array$position;
        array$clock = clock;
        array$settings = orders$settings;
        array$gate_setting = orders$gate_setting;
        array$row_byte = orders$row_byte;
        array$start = link$start;
        array$answer = orders$answer;
        array$symbol = orders$symbol;
        array$octet = link$request[(64'hf)+:(8)];
        array$clear = link$clear;
        orders$memo_number$0 = array$memo_number$0;
        array$memo_settings$0 = orders$memo_settings$0;
        array$memo_which$0 = orders$memo_which$0;
        tap_verdict$0 = array$tap_verdict$0;
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
