module pair(clock,control,memory,broadcast,load_weights,load_age_a,load_age_c,load_even,load_odd,term_even,term_odd,state_even,state_odd,code_even,code_odd,read_even,read_odd);
    
    // Module arguments
    input wire  clock;
    input wire  [11:0] control;
    input wire  [46:0] memory;
    input wire  [15:0] broadcast;
    input wire  load_weights;
    input wire  load_age_a;
    input wire  load_age_c;
    input wire  [7:0] load_even;
    input wire  [7:0] load_odd;
    output reg  [15:0] term_even;
    output reg  [15:0] term_odd;
    output reg  [7:0] state_even;
    output reg  [7:0] state_odd;
    output reg  [7:0] code_even;
    output reg  [7:0] code_odd;
    output reg  [7:0] read_even;
    output reg  [7:0] read_odd;
    
    // Stub signals
    reg  weights$clock;
    reg  [9:0] weights$row;
    reg  [1:0] weights$fold;
    reg  weights$write;
    reg  [7:0] weights$write_even;
    reg  [7:0] weights$write_odd;
    wire  [7:0] weights$even;
    wire  [7:0] weights$odd;
    reg  memory_a$clock;
    reg  memory_a$aged;
    reg  [5:0] memory_a$slot;
    reg  [1:0] memory_a$fold;
    reg  memory_a$write;
    reg  [7:0] memory_a$write_even;
    reg  [7:0] memory_a$write_odd;
    reg  [5:0] memory_a$age;
    wire  [7:0] memory_a$slot_even;
    wire  [7:0] memory_a$slot_odd;
    wire  [7:0] memory_a$age_even;
    wire  [7:0] memory_a$age_odd;
    reg  memory_c$clock;
    reg  memory_c$aged;
    reg  [5:0] memory_c$slot;
    reg  [1:0] memory_c$fold;
    reg  memory_c$write;
    reg  [7:0] memory_c$write_even;
    reg  [7:0] memory_c$write_odd;
    reg  [5:0] memory_c$age;
    wire  [7:0] memory_c$slot_even;
    wire  [7:0] memory_c$slot_odd;
    wire  [7:0] memory_c$age_even;
    wire  [7:0] memory_c$age_odd;
    reg  states$clock;
    reg  states$bank;
    reg  [1:0] states$fold;
    reg  states$write;
    reg  [7:0] states$write_even;
    reg  [7:0] states$write_odd;
    wire  [7:0] states$even;
    wire  [7:0] states$odd;
    reg  even$clock;
    reg  [11:0] even$control;
    reg  [15:0] even$broadcast;
    reg  [7:0] even$weight;
    reg  [7:0] even$state;
    reg  [7:0] even$slot_a;
    reg  [7:0] even$age_a;
    reg  [7:0] even$slot_c;
    reg  [7:0] even$age_c;
    wire  [15:0] even$term;
    wire  [7:0] even$code;
    wire  [7:0] even$read;
    reg  odd$clock;
    reg  [11:0] odd$control;
    reg  [15:0] odd$broadcast;
    reg  [7:0] odd$weight;
    reg  [7:0] odd$state;
    reg  [7:0] odd$slot_a;
    reg  [7:0] odd$age_a;
    reg  [7:0] odd$slot_c;
    reg  [7:0] odd$age_c;
    wire  [15:0] odd$term;
    wire  [7:0] odd$code;
    wire  [7:0] odd$read;
    
    // Sub module instances
    pair$weights weights(
        .clock(weights$clock),
        .row(weights$row),
        .fold(weights$fold),
        .write(weights$write),
        .write_even(weights$write_even),
        .write_odd(weights$write_odd),
        .even(weights$even),
        .odd(weights$odd)
    );
    pair$memory_a memory_a(
        .clock(memory_a$clock),
        .aged(memory_a$aged),
        .slot(memory_a$slot),
        .fold(memory_a$fold),
        .write(memory_a$write),
        .write_even(memory_a$write_even),
        .write_odd(memory_a$write_odd),
        .age(memory_a$age),
        .slot_even(memory_a$slot_even),
        .slot_odd(memory_a$slot_odd),
        .age_even(memory_a$age_even),
        .age_odd(memory_a$age_odd)
    );
    pair$memory_c memory_c(
        .clock(memory_c$clock),
        .aged(memory_c$aged),
        .slot(memory_c$slot),
        .fold(memory_c$fold),
        .write(memory_c$write),
        .write_even(memory_c$write_even),
        .write_odd(memory_c$write_odd),
        .age(memory_c$age),
        .slot_even(memory_c$slot_even),
        .slot_odd(memory_c$slot_odd),
        .age_even(memory_c$age_even),
        .age_odd(memory_c$age_odd)
    );
    pair$states states(
        .clock(states$clock),
        .bank(states$bank),
        .fold(states$fold),
        .write(states$write),
        .write_even(states$write_even),
        .write_odd(states$write_odd),
        .even(states$even),
        .odd(states$odd)
    );
    pair$even even(
        .clock(even$clock),
        .control(even$control),
        .broadcast(even$broadcast),
        .weight(even$weight),
        .state(even$state),
        .slot_a(even$slot_a),
        .age_a(even$age_a),
        .slot_c(even$slot_c),
        .age_c(even$age_c),
        .term(even$term),
        .code(even$code),
        .read(even$read)
    );
    pair$odd odd(
        .clock(odd$clock),
        .control(odd$control),
        .broadcast(odd$broadcast),
        .weight(odd$weight),
        .state(odd$state),
        .slot_a(odd$slot_a),
        .age_a(odd$age_a),
        .slot_c(odd$slot_c),
        .age_c(odd$age_c),
        .term(odd$term),
        .code(odd$code),
        .read(odd$read)
    );
    
    // Update code
    always @(*) begin
        weights$clock = clock;
        weights$row = memory[(64'h0)+:(10)];
        weights$fold = memory[(64'ha)+:(2)];
        weights$write = load_weights;
        weights$write_even = load_even;
        weights$write_odd = load_odd;
        memory_a$clock = clock;
        memory_a$aged = memory[(64'h2a)+:(1)];
        memory_a$slot = memory[(64'hc)+:(6)];
        memory_a$age = memory[(64'h12)+:(6)];
        memory_a$fold = memory[(64'h18)+:(2)];
        memory_a$write = memory[(64'h1a)+:(1)] | load_age_a;
        memory_a$write_even = even$code;
        memory_a$write_odd = odd$code;
        memory_c$clock = clock;
        memory_c$aged = memory[(64'h2a)+:(1)];
        memory_c$slot = memory[(64'h1b)+:(6)];
        memory_c$age = memory[(64'h21)+:(6)];
        memory_c$fold = memory[(64'h27)+:(2)];
        memory_c$write = memory[(64'h29)+:(1)] | load_age_c;
        memory_c$write_even = even$code;
        memory_c$write_odd = odd$code;
        if (memory[(64'h2a)+:(1)]) begin
            memory_a$write_even = load_even;
            memory_a$write_odd = load_odd;
            memory_c$write_even = load_even;
            memory_c$write_odd = load_odd;
        end
        states$clock = clock;
        states$bank = memory[(64'h2b)+:(1)];
        states$fold = memory[(64'h2c)+:(2)];
        states$write = memory[(64'h2e)+:(1)];
        states$write_even = even$code;
        states$write_odd = odd$code;
        even$clock = clock;
        even$state = states$even;
        odd$state = states$odd;
        even$control = control;
        even$broadcast = broadcast;
        even$weight = weights$even;
        even$slot_a = memory_a$slot_even;
        even$age_a = memory_a$age_even;
        even$slot_c = memory_c$slot_even;
        even$age_c = memory_c$age_even;
        odd$clock = clock;
        odd$control = control;
        odd$broadcast = broadcast;
        odd$weight = weights$odd;
        odd$slot_a = memory_a$slot_odd;
        odd$age_a = memory_a$age_odd;
        odd$slot_c = memory_c$slot_odd;
        odd$age_c = memory_c$age_odd;
        term_even = even$term;
        term_odd = odd$term;
        state_even = states$even;
        state_odd = states$odd;
        code_even = even$code;
        code_odd = odd$code;
        read_even = even$read;
        read_odd = odd$read;
    end
    
endmodule
