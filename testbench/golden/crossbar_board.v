module crossbar_board(clock,reset,uart_rx,uart_tx,led,led_error);
    
    // Module arguments
    input wire  clock;
    input wire  reset;
    input wire  uart_rx;
    output reg  uart_tx;
    output reg  led;
    output reg  led_error;
    
    // Stub signals
    reg  pressed$clock;
    reg  pressed$d;
    wire  pressed$q;
    reg  pressed_still$clock;
    reg  pressed_still$d;
    wire  pressed_still$q;
    reg  receiver$clock;
    reg  receiver$line;
    wire  [7:0] receiver$data;
    wire  receiver$valid;
    wire  receiver$framing_error;
    reg  transmitter$clock;
    reg  [7:0] transmitter$data;
    reg  transmitter$valid;
    wire  transmitter$ready;
    wire  transmitter$line;
    reg  core$clock;
    reg  [7:0] core$rx_data;
    reg  core$rx_valid;
    reg  core$tx_ready;
    reg  core$framing_error;
    reg  core$reset;
    wire  core$rx_ready;
    wire  [7:0] core$tx_data;
    wire  core$tx_valid;
    wire  core$loaded;
    wire  core$refused;
    wire  core$tap_sum_valid;
    wire  [23:0] core$tap_sum;
    wire  core$tap_code_valid;
    wire  [7:0] core$tap_code;
    wire  core$tap_index_valid;
    wire  [8:0] core$tap_index;
    wire  core$tap_gate_valid;
    wire  [11:0] core$tap_gate;
    wire  core$tap_candidate_valid;
    wire  [11:0] core$tap_candidate;
    wire  core$tap_cell_valid;
    wire  [15:0] core$tap_cell;
    wire  core$tap_hidden_valid;
    wire  [7:0] core$tap_hidden;
    wire  [7:0] core$tap_readout;
    wire  core$tap_logit_valid;
    wire  [24:0] core$tap_logit;
    
    // Sub module instances
    crossbar_board$pressed pressed(..);
    crossbar_board$pressed_still pressed_still(..);
    crossbar_board$receiver receiver(..);
    crossbar_board$transmitter transmitter(..);
    crossbar_board$core core(..);
    
    // Update code
    always @(*) begin
        pressed$clock = clock;
        pressed_still$clock = clock;
        pressed$d = pressed$q;
        pressed_still$d = pressed_still$q;
        pressed$d = reset;
        pressed_still$d = pressed$q;
        receiver$clock = clock;
        receiver$line = uart_rx;
        core$clock = clock;
        core$rx_data = receiver$data;
        core$rx_valid = receiver$valid;
        core$framing_error = receiver$framing_error;
        core$reset = pressed_still$q;
        core$tx_ready = transmitter$ready;
        transmitter$clock = clock;
        transmitter$data = core$tx_data;
        transmitter$valid = core$tx_valid;
        uart_tx = transmitter$line;
        led = core$loaded;
        led_error = core$refused;
    end
    
endmodule
