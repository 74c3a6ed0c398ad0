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
    reg  [47:0] link$decision;
    reg  link$busy;
    wire  link$rx_ready;
    wire  [7:0] link$tx_data;
    wire  link$tx_valid;
    wire  [40:0] link$request;
    wire  link$start;
    wire  link$clear;
    reg  decoder$clock;
    reg  [40:0] decoder$request;
    reg  [23:0] decoder$steps;
    reg  [7:0] decoder$answered;
    reg  [24:0] decoder$logit;
    reg  [7:0] decoder$asked;
    reg  [31:0] decoder$memo_number$0;
    wire  [47:0] decoder$decision;
    wire  [71:0] decoder$settings;
    wire  [21:0] decoder$gate_setting;
    wire  [31:0] decoder$row_byte;
    wire  decoder$answer;
    wire  decoder$symbol;
    wire  [51:0] decoder$memo_settings$0;
    wire  [2:0] decoder$memo_which$0;
    reg  engine$clock;
    reg  [71:0] engine$settings;
    reg  [21:0] engine$gate_setting;
    reg  [31:0] engine$row_byte;
    reg  engine$start;
    reg  engine$answer;
    reg  engine$symbol;
    reg  [7:0] engine$octet;
    reg  engine$clear;
    reg  [51:0] engine$memo_settings$0;
    reg  [2:0] engine$memo_which$0;
    wire  engine$busy;
    wire  [7:0] engine$position;
    wire  [23:0] engine$steps;
    wire  [7:0] engine$answered;
    wire  [24:0] engine$logit;
    wire  engine$tap_sum_valid;
    wire  [23:0] engine$tap_sum;
    wire  engine$tap_code_valid;
    wire  [7:0] engine$tap_code;
    wire  engine$tap_index_valid;
    wire  [8:0] engine$tap_index;
    wire  engine$tap_gate_valid;
    wire  [11:0] engine$tap_gate;
    wire  engine$tap_cell_valid;
    wire  [15:0] engine$tap_cell;
    wire  engine$tap_hidden_valid;
    wire  [7:0] engine$tap_hidden;
    wire  [7:0] engine$tap_readout;
    wire  engine$tap_logit_valid;
    wire  [24:0] engine$tap_logit;
    wire  [31:0] engine$memo_number$0;
    wire  [1:0] engine$tap_verdict$0;
    
    // Sub module instances
    crossbar_core_with_memo$link link(
        .clock(link$clock),
        .rx_data(link$rx_data),
        .rx_valid(link$rx_valid),
        .tx_ready(link$tx_ready),
        .decision(link$decision),
        .busy(link$busy),
        .rx_ready(link$rx_ready),
        .tx_data(link$tx_data),
        .tx_valid(link$tx_valid),
        .request(link$request),
        .start(link$start),
        .clear(link$clear)
    );
    crossbar_core_with_memo$decoder decoder(
        .clock(decoder$clock),
        .request(decoder$request),
        .steps(decoder$steps),
        .answered(decoder$answered),
        .logit(decoder$logit),
        .asked(decoder$asked),
        .memo_number$0(decoder$memo_number$0),
        .decision(decoder$decision),
        .settings(decoder$settings),
        .gate_setting(decoder$gate_setting),
        .row_byte(decoder$row_byte),
        .answer(decoder$answer),
        .symbol(decoder$symbol),
        .memo_settings$0(decoder$memo_settings$0),
        .memo_which$0(decoder$memo_which$0)
    );
    crossbar_core_with_memo$engine engine(
        .clock(engine$clock),
        .settings(engine$settings),
        .gate_setting(engine$gate_setting),
        .row_byte(engine$row_byte),
        .start(engine$start),
        .answer(engine$answer),
        .symbol(engine$symbol),
        .octet(engine$octet),
        .clear(engine$clear),
        .memo_settings$0(engine$memo_settings$0),
        .memo_which$0(engine$memo_which$0),
        .busy(engine$busy),
        .position(engine$position),
        .steps(engine$steps),
        .answered(engine$answered),
        .logit(engine$logit),
        .tap_sum_valid(engine$tap_sum_valid),
        .tap_sum(engine$tap_sum),
        .tap_code_valid(engine$tap_code_valid),
        .tap_code(engine$tap_code),
        .tap_index_valid(engine$tap_index_valid),
        .tap_index(engine$tap_index),
        .tap_gate_valid(engine$tap_gate_valid),
        .tap_gate(engine$tap_gate),
        .tap_cell_valid(engine$tap_cell_valid),
        .tap_cell(engine$tap_cell),
        .tap_hidden_valid(engine$tap_hidden_valid),
        .tap_hidden(engine$tap_hidden),
        .tap_readout(engine$tap_readout),
        .tap_logit_valid(engine$tap_logit_valid),
        .tap_logit(engine$tap_logit),
        .memo_number$0(engine$memo_number$0),
        .tap_verdict$0(engine$tap_verdict$0)
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
        link$decision = decoder$decision;
        link$busy = engine$busy;
        loaded = link$request[(64'h20)+:(1)];
        decoder$clock = clock;
        decoder$request = link$request;
        decoder$steps = engine$steps;
        decoder$answered = engine$answered;
        decoder$logit = engine$logit;
        decoder$asked = engine$position;
        engine$clock = clock;
        engine$settings = decoder$settings;
        engine$gate_setting = decoder$gate_setting;
        engine$row_byte = decoder$row_byte;
        engine$start = link$start;
        engine$answer = decoder$answer;
        engine$symbol = decoder$symbol;
        engine$octet = link$request[(64'hf)+:(8)];
        engine$clear = link$clear;
        decoder$memo_number$0 = engine$memo_number$0;
        engine$memo_settings$0 = decoder$memo_settings$0;
        engine$memo_which$0 = decoder$memo_which$0;
        tap_verdict$0 = engine$tap_verdict$0;
        tap_sum_valid = engine$tap_sum_valid;
        tap_sum = engine$tap_sum;
        tap_code_valid = engine$tap_code_valid;
        tap_code = engine$tap_code;
        tap_index_valid = engine$tap_index_valid;
        tap_index = engine$tap_index;
        tap_gate_valid = engine$tap_gate_valid;
        tap_gate = engine$tap_gate;
        tap_cell_valid = engine$tap_cell_valid;
        tap_cell = engine$tap_cell;
        tap_hidden_valid = engine$tap_hidden_valid;
        tap_hidden = engine$tap_hidden;
        tap_readout = engine$tap_readout;
        tap_logit_valid = engine$tap_logit_valid;
        tap_logit = engine$tap_logit;
    end
    
endmodule
