module crossbar_board(clock,uart_rx,uart_tx,led);
    
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
    
    // Sub module instances
    crossbar_board$receiver receiver(..);
    crossbar_board$transmitter transmitter(..);
    crossbar_board$core core(..);
    
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
