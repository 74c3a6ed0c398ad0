module crossbar_board_with_memo(clock,uart_rx,uart_tx,led);
    
    // Module arguments
    input wire  clock;
    input wire  uart_rx;
    output reg  uart_tx;
    output reg  led;
    
    // Stub signals
    reg  receiver$clock;
    reg  receiver$line;
    wire  [7:0] receiver$data;
    wire  receiver$valid;
    reg  transmitter$clock;
    reg  [7:0] transmitter$data;
    reg  transmitter$valid;
    wire  transmitter$ready;
    wire  transmitter$line;
    reg  core$clock;
    reg  [7:0] core$rx_data;
    reg  core$rx_valid;
    reg  core$tx_ready;
    wire  core$rx_ready;
    wire  [7:0] core$tx_data;
    wire  core$tx_valid;
    wire  core$loaded;
    wire  core$tap_sum_valid;
    wire  [23:0] core$tap_sum;
    wire  core$tap_code_valid;
    wire  [7:0] core$tap_code;
    wire  core$tap_index_valid;
    wire  [8:0] core$tap_index;
    wire  core$tap_gate_valid;
    wire  [11:0] core$tap_gate;
    wire  core$tap_cell_valid;
    wire  [15:0] core$tap_cell;
    wire  core$tap_hidden_valid;
    wire  [7:0] core$tap_hidden;
    wire  [7:0] core$tap_readout;
    wire  core$tap_logit_valid;
    wire  [24:0] core$tap_logit;
    wire  [1:0] core$tap_verdict$0;
    
    // Sub module instances
    crossbar_board_with_memo$receiver receiver(
        .clock(receiver$clock),
        .line(receiver$line),
        .data(receiver$data),
        .valid(receiver$valid)
    );
    crossbar_board_with_memo$transmitter transmitter(
        .clock(transmitter$clock),
        .data(transmitter$data),
        .valid(transmitter$valid),
        .ready(transmitter$ready),
        .line(transmitter$line)
    );
    crossbar_board_with_memo$core core(
        .clock(core$clock),
        .rx_data(core$rx_data),
        .rx_valid(core$rx_valid),
        .tx_ready(core$tx_ready),
        .rx_ready(core$rx_ready),
        .tx_data(core$tx_data),
        .tx_valid(core$tx_valid),
        .loaded(core$loaded),
        .tap_sum_valid(core$tap_sum_valid),
        .tap_sum(core$tap_sum),
        .tap_code_valid(core$tap_code_valid),
        .tap_code(core$tap_code),
        .tap_index_valid(core$tap_index_valid),
        .tap_index(core$tap_index),
        .tap_gate_valid(core$tap_gate_valid),
        .tap_gate(core$tap_gate),
        .tap_cell_valid(core$tap_cell_valid),
        .tap_cell(core$tap_cell),
        .tap_hidden_valid(core$tap_hidden_valid),
        .tap_hidden(core$tap_hidden),
        .tap_readout(core$tap_readout),
        .tap_logit_valid(core$tap_logit_valid),
        .tap_logit(core$tap_logit),
        .tap_verdict$0(core$tap_verdict$0)
    );
    
    // Update code
    always @(*) begin
        receiver$clock = clock;
        receiver$line = uart_rx;
        core$clock = clock;
        core$rx_data = receiver$data;
        core$rx_valid = receiver$valid;
        core$tx_ready = transmitter$ready;
        transmitter$clock = clock;
        transmitter$data = core$tx_data;
        transmitter$valid = core$tx_valid;
        uart_tx = transmitter$line;
        led = core$loaded;
    end
    
endmodule
