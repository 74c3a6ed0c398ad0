module crossbar_engine(clock,settings,gate_setting,row_byte,start,answer,symbol,octet,clear,busy,position,steps,answered,logit,tap_sum_valid,tap_sum,tap_code_valid,tap_code,tap_index_valid,tap_index,tap_gate_valid,tap_gate,tap_cell_valid,tap_cell,tap_hidden_valid,tap_hidden,tap_readout,tap_logit_valid,tap_logit);
    
    // Module arguments
    input wire  clock;
    input wire  [71:0] settings;
    input wire  [21:0] gate_setting;
    input wire  [31:0] row_byte;
    input wire  start;
    input wire  answer;
    input wire  symbol;
    input wire  [7:0] octet;
    input wire  clear;
    output reg  busy;
    output reg  [7:0] position;
    output reg  [23:0] steps;
    output reg  [7:0] answered;
    output reg  [24:0] logit;
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
    
    // Constant declarations
    localparam  sign_place = 8'h8;
    
    // Stub signals
    reg  extents$clock;
    reg  [7:0] extents$hidden;
    reg  [7:0] extents$inputs;
    reg  [7:0] extents$classes;
    reg  [7:0] extents$tile;
    reg  [3:0] extents$dac_bits;
    wire  [7:0] extents$largest;
    wire  [7:0] extents$last_cell;
    wire  [7:0] extents$last_row;
    wire  [7:0] extents$last_class;
    wire  [3:0] extents$last_input;
    wire  [3:0] extents$last_hidden;
    wire  [4:0] extents$last_within;
    reg  sequencer$clock;
    reg  sequencer$start;
    reg  sequencer$answer;
    reg  sequencer$symbol;
    reg  sequencer$clear;
    reg  [7:0] sequencer$octet;
    reg  [7:0] sequencer$largest;
    reg  [7:0] sequencer$last_row;
    reg  sequencer$walking;
    reg  sequencer$shown;
    reg  [7:0] sequencer$code;
    wire  sequencer$busy;
    wire  [7:0] sequencer$position;
    wire  sequencer$walk;
    wire  sequencer$fresh;
    wire  sequencer$bank;
    wire  [23:0] sequencer$steps;
    wire  sequencer$write;
    wire  [5:0] sequencer$write_lane;
    wire  [5:0] sequencer$write_address;
    wire  [7:0] sequencer$write_code;
    reg  walk$clock;
    reg  walk$start;
    reg  walk$answer;
    reg  walk$fresh;
    reg  [7:0] walk$last_cell;
    reg  [7:0] walk$last_class;
    reg  [3:0] walk$last_input;
    reg  [3:0] walk$last_hidden;
    reg  [4:0] walk$last_within;
    reg  walk$ready;
    reg  walk$remembered;
    wire  [8:0] walk$operation;
    wire  walk$hidden;
    wire  [3:0] walk$chunk;
    wire  [13:0] walk$address;
    wire  walk$busy;
    reg  loader$clock;
    reg  loader$load;
    reg  [7:0] loader$octet;
    reg  loader$region;
    reg  [15:0] loader$row;
    reg  [5:0] loader$place;
    wire  loader$write;
    wire  [13:0] loader$address;
    wire  [4:0] loader$bank;
    wire  [15:0] loader$unit;
    wire  loader$write_bias;
    wire  [9:0] loader$bias_address;
    wire  [23:0] loader$bias;
    reg  gates$clock;
    reg  [3:0] gates$write;
    reg  [1:0] gates$gate;
    reg  [15:0] gates$value;
    reg  [1:0] gates$convert;
    reg  [1:0] gates$round;
    reg  [1:0] gates$sum;
    wire  [7:0] gates$mantissa;
    wire  [15:0] gates$noise;
    wire  [4:0] gates$shift;
    wire  [15:0] gates$scale;
    reg  accesses$clock;
    reg  [19:0] accesses$d;
    wire  [19:0] accesses$q;
    reg  stores$clock;
    reg  [28:0] stores$d;
    wire  [28:0] stores$q;
    reg  stages$0$clock;
    reg  [8:0] stages$0$d;
    wire  [8:0] stages$0$q;
    reg  stages$1$clock;
    reg  [8:0] stages$1$d;
    wire  [8:0] stages$1$q;
    reg  stages$2$clock;
    reg  [8:0] stages$2$d;
    wire  [8:0] stages$2$q;
    reg  stages$3$clock;
    reg  [8:0] stages$3$d;
    wire  [8:0] stages$3$q;
    reg  stages$4$clock;
    reg  [8:0] stages$4$d;
    wire  [8:0] stages$4$q;
    reg  stages$5$clock;
    reg  [8:0] stages$5$d;
    wire  [8:0] stages$5$q;
    reg  stages$6$clock;
    reg  [8:0] stages$6$d;
    wire  [8:0] stages$6$q;
    reg  stages$7$clock;
    reg  [8:0] stages$7$d;
    wire  [8:0] stages$7$q;
    reg  stages$8$clock;
    reg  [8:0] stages$8$d;
    wire  [8:0] stages$8$q;
    reg  stages$9$clock;
    reg  [8:0] stages$9$d;
    wire  [8:0] stages$9$q;
    reg  stages$10$clock;
    reg  [8:0] stages$10$d;
    wire  [8:0] stages$10$q;
    reg  stages$11$clock;
    reg  [8:0] stages$11$d;
    wire  [8:0] stages$11$q;
    reg  stages$12$clock;
    reg  [8:0] stages$12$d;
    wire  [8:0] stages$12$q;
    reg  stages$13$clock;
    reg  [8:0] stages$13$d;
    wire  [8:0] stages$13$q;
    reg  stages$14$clock;
    reg  [8:0] stages$14$d;
    wire  [8:0] stages$14$q;
    reg  stages$15$clock;
    reg  [8:0] stages$15$d;
    wire  [8:0] stages$15$q;
    reg  stages$16$clock;
    reg  [8:0] stages$16$d;
    wire  [8:0] stages$16$q;
    reg  weights$clock;
    reg  [13:0] weights$address;
    reg  weights$write;
    reg  [4:0] weights$bank;
    reg  [15:0] weights$unit;
    wire  [7:0] weights$weights$0;
    wire  [7:0] weights$weights$1;
    wire  [7:0] weights$weights$2;
    wire  [7:0] weights$weights$3;
    reg  lanes$0$clock;
    reg  lanes$0$write;
    reg  [5:0] lanes$0$write_address;
    reg  [7:0] lanes$0$code;
    reg  [7:0] lanes$0$readout;
    reg  [5:0] lanes$0$address;
    reg  [1:0] lanes$0$select;
    reg  [7:0] lanes$0$weight;
    wire  [15:0] lanes$0$product;
    reg  lanes$1$clock;
    reg  lanes$1$write;
    reg  [5:0] lanes$1$write_address;
    reg  [7:0] lanes$1$code;
    reg  [7:0] lanes$1$readout;
    reg  [5:0] lanes$1$address;
    reg  [1:0] lanes$1$select;
    reg  [7:0] lanes$1$weight;
    wire  [15:0] lanes$1$product;
    reg  lanes$2$clock;
    reg  lanes$2$write;
    reg  [5:0] lanes$2$write_address;
    reg  [7:0] lanes$2$code;
    reg  [7:0] lanes$2$readout;
    reg  [5:0] lanes$2$address;
    reg  [1:0] lanes$2$select;
    reg  [7:0] lanes$2$weight;
    wire  [15:0] lanes$2$product;
    reg  lanes$3$clock;
    reg  lanes$3$write;
    reg  [5:0] lanes$3$write_address;
    reg  [7:0] lanes$3$code;
    reg  [7:0] lanes$3$readout;
    reg  [5:0] lanes$3$address;
    reg  [1:0] lanes$3$select;
    reg  [7:0] lanes$3$weight;
    wire  [15:0] lanes$3$product;
    reg  tree$clock;
    reg  [15:0] tree$terms$0;
    reg  [15:0] tree$terms$1;
    reg  [15:0] tree$terms$2;
    reg  [15:0] tree$terms$3;
    wire  [21:0] tree$sum;
    reg  tile$clock;
    reg  [21:0] tile$term;
    reg  tile$add;
    reg  tile$first;
    wire  [23:0] tile$sum;
    reg  noise$clock;
    reg  noise$clear;
    reg  [31:0] noise$seed;
    reg  noise$draw;
    reg  [15:0] noise$factor;
    wire  [17:0] noise$noise;
    reg  converter$clock;
    reg  [23:0] converter$sum;
    reg  [7:0] converter$mantissa;
    reg  [17:0] converter$noise;
    reg  [4:0] converter$shift;
    reg  [3:0] converter$bits;
    wire  [7:0] converter$code;
    reg  column$clock;
    reg  [7:0] column$code;
    reg  column$add;
    reg  column$first;
    reg  [15:0] column$scale;
    reg  [23:0] column$bias;
    wire  [8:0] column$index;
    reg  biases$clock;
    reg  [9:0] biases$address;
    reg  biases$write;
    reg  [23:0] biases$write_data;
    wire  [23:0] biases$data;
    reg  bias$clock;
    reg  [9:0] bias$d;
    wire  [9:0] bias$q;
    reg  lookup$clock;
    reg  [9:0] lookup$address;
    wire  [14:0] lookup$data;
    reg  cells$clock;
    reg  cells$restart;
    reg  cells$fresh;
    reg  cells$take;
    reg  [1:0] cells$gate;
    reg  [11:0] cells$value;
    reg  [3:0] cells$bits;
    wire  [7:0] cells$code;
    wire  [7:0] cells$readout;
    wire  cells$shown;
    wire  [15:0] cells$updated;
    wire  cells$done;
    reg  logits$clock;
    reg  [23:0] logits$sum;
    reg  [23:0] logits$bias;
    wire  [24:0] logits$logit;
    reg  maximum$clock;
    reg  maximum$clear;
    reg  maximum$valid;
    reg  [24:0] maximum$logit;
    wire  [7:0] maximum$word;
    wire  [24:0] maximum$best;
    
    // Local signals
    reg  [5:0] chunk;
    reg  [19:0] access;
    reg  [28:0] store;
    reg  [1:0] select;
    reg  converts;
    reg  summed;
    reg  adds;
    reg  indexed;
    reg  taken;
    reg  rated;
    reg  [11:0] value;
    reg  next_bias;
    reg  [9:0] columns;
    reg  [8:0] index;
    
    // Sub module instances
    crossbar_engine$extents extents(
        .clock(extents$clock),
        .hidden(extents$hidden),
        .inputs(extents$inputs),
        .classes(extents$classes),
        .tile(extents$tile),
        .dac_bits(extents$dac_bits),
        .largest(extents$largest),
        .last_cell(extents$last_cell),
        .last_row(extents$last_row),
        .last_class(extents$last_class),
        .last_input(extents$last_input),
        .last_hidden(extents$last_hidden),
        .last_within(extents$last_within)
    );
    crossbar_engine$sequencer sequencer(
        .clock(sequencer$clock),
        .start(sequencer$start),
        .answer(sequencer$answer),
        .symbol(sequencer$symbol),
        .clear(sequencer$clear),
        .octet(sequencer$octet),
        .largest(sequencer$largest),
        .last_row(sequencer$last_row),
        .walking(sequencer$walking),
        .shown(sequencer$shown),
        .code(sequencer$code),
        .busy(sequencer$busy),
        .position(sequencer$position),
        .walk(sequencer$walk),
        .fresh(sequencer$fresh),
        .bank(sequencer$bank),
        .steps(sequencer$steps),
        .write(sequencer$write),
        .write_lane(sequencer$write_lane),
        .write_address(sequencer$write_address),
        .write_code(sequencer$write_code)
    );
    crossbar_engine$walk walk(
        .clock(walk$clock),
        .start(walk$start),
        .answer(walk$answer),
        .fresh(walk$fresh),
        .last_cell(walk$last_cell),
        .last_class(walk$last_class),
        .last_input(walk$last_input),
        .last_hidden(walk$last_hidden),
        .last_within(walk$last_within),
        .ready(walk$ready),
        .remembered(walk$remembered),
        .operation(walk$operation),
        .hidden(walk$hidden),
        .chunk(walk$chunk),
        .address(walk$address),
        .busy(walk$busy)
    );
    crossbar_engine$loader loader(
        .clock(loader$clock),
        .load(loader$load),
        .octet(loader$octet),
        .region(loader$region),
        .row(loader$row),
        .place(loader$place),
        .write(loader$write),
        .address(loader$address),
        .bank(loader$bank),
        .unit(loader$unit),
        .write_bias(loader$write_bias),
        .bias_address(loader$bias_address),
        .bias(loader$bias)
    );
    crossbar_engine$gates gates(
        .clock(gates$clock),
        .write(gates$write),
        .gate(gates$gate),
        .value(gates$value),
        .convert(gates$convert),
        .round(gates$round),
        .sum(gates$sum),
        .mantissa(gates$mantissa),
        .noise(gates$noise),
        .shift(gates$shift),
        .scale(gates$scale)
    );
    crossbar_engine$accesses accesses(
        .clock(accesses$clock),
        .d(accesses$d),
        .q(accesses$q)
    );
    crossbar_engine$stores stores(
        .clock(stores$clock),
        .d(stores$d),
        .q(stores$q)
    );
    crossbar_engine$stages$0 stages$0(
        .clock(stages$0$clock),
        .d(stages$0$d),
        .q(stages$0$q)
    );
    crossbar_engine$stages$1 stages$1(
        .clock(stages$1$clock),
        .d(stages$1$d),
        .q(stages$1$q)
    );
    crossbar_engine$stages$2 stages$2(
        .clock(stages$2$clock),
        .d(stages$2$d),
        .q(stages$2$q)
    );
    crossbar_engine$stages$3 stages$3(
        .clock(stages$3$clock),
        .d(stages$3$d),
        .q(stages$3$q)
    );
    crossbar_engine$stages$4 stages$4(
        .clock(stages$4$clock),
        .d(stages$4$d),
        .q(stages$4$q)
    );
    crossbar_engine$stages$5 stages$5(
        .clock(stages$5$clock),
        .d(stages$5$d),
        .q(stages$5$q)
    );
    crossbar_engine$stages$6 stages$6(
        .clock(stages$6$clock),
        .d(stages$6$d),
        .q(stages$6$q)
    );
    crossbar_engine$stages$7 stages$7(
        .clock(stages$7$clock),
        .d(stages$7$d),
        .q(stages$7$q)
    );
    crossbar_engine$stages$8 stages$8(
        .clock(stages$8$clock),
        .d(stages$8$d),
        .q(stages$8$q)
    );
    crossbar_engine$stages$9 stages$9(
        .clock(stages$9$clock),
        .d(stages$9$d),
        .q(stages$9$q)
    );
    crossbar_engine$stages$10 stages$10(
        .clock(stages$10$clock),
        .d(stages$10$d),
        .q(stages$10$q)
    );
    crossbar_engine$stages$11 stages$11(
        .clock(stages$11$clock),
        .d(stages$11$d),
        .q(stages$11$q)
    );
    crossbar_engine$stages$12 stages$12(
        .clock(stages$12$clock),
        .d(stages$12$d),
        .q(stages$12$q)
    );
    crossbar_engine$stages$13 stages$13(
        .clock(stages$13$clock),
        .d(stages$13$d),
        .q(stages$13$q)
    );
    crossbar_engine$stages$14 stages$14(
        .clock(stages$14$clock),
        .d(stages$14$d),
        .q(stages$14$q)
    );
    crossbar_engine$stages$15 stages$15(
        .clock(stages$15$clock),
        .d(stages$15$d),
        .q(stages$15$q)
    );
    crossbar_engine$stages$16 stages$16(
        .clock(stages$16$clock),
        .d(stages$16$d),
        .q(stages$16$q)
    );
    crossbar_engine$weights weights(
        .clock(weights$clock),
        .address(weights$address),
        .write(weights$write),
        .bank(weights$bank),
        .unit(weights$unit),
        .weights$0(weights$weights$0),
        .weights$1(weights$weights$1),
        .weights$2(weights$weights$2),
        .weights$3(weights$weights$3)
    );
    crossbar_engine$lanes$0 lanes$0(
        .clock(lanes$0$clock),
        .write(lanes$0$write),
        .write_address(lanes$0$write_address),
        .code(lanes$0$code),
        .readout(lanes$0$readout),
        .address(lanes$0$address),
        .select(lanes$0$select),
        .weight(lanes$0$weight),
        .product(lanes$0$product)
    );
    crossbar_engine$lanes$1 lanes$1(
        .clock(lanes$1$clock),
        .write(lanes$1$write),
        .write_address(lanes$1$write_address),
        .code(lanes$1$code),
        .readout(lanes$1$readout),
        .address(lanes$1$address),
        .select(lanes$1$select),
        .weight(lanes$1$weight),
        .product(lanes$1$product)
    );
    crossbar_engine$lanes$2 lanes$2(
        .clock(lanes$2$clock),
        .write(lanes$2$write),
        .write_address(lanes$2$write_address),
        .code(lanes$2$code),
        .readout(lanes$2$readout),
        .address(lanes$2$address),
        .select(lanes$2$select),
        .weight(lanes$2$weight),
        .product(lanes$2$product)
    );
    crossbar_engine$lanes$3 lanes$3(
        .clock(lanes$3$clock),
        .write(lanes$3$write),
        .write_address(lanes$3$write_address),
        .code(lanes$3$code),
        .readout(lanes$3$readout),
        .address(lanes$3$address),
        .select(lanes$3$select),
        .weight(lanes$3$weight),
        .product(lanes$3$product)
    );
    crossbar_engine$tree tree(
        .clock(tree$clock),
        .terms$0(tree$terms$0),
        .terms$1(tree$terms$1),
        .terms$2(tree$terms$2),
        .terms$3(tree$terms$3),
        .sum(tree$sum)
    );
    crossbar_engine$tile tile(
        .clock(tile$clock),
        .term(tile$term),
        .add(tile$add),
        .first(tile$first),
        .sum(tile$sum)
    );
    crossbar_engine$noise noise(
        .clock(noise$clock),
        .clear(noise$clear),
        .seed(noise$seed),
        .draw(noise$draw),
        .factor(noise$factor),
        .noise(noise$noise)
    );
    crossbar_engine$converter converter(
        .clock(converter$clock),
        .sum(converter$sum),
        .mantissa(converter$mantissa),
        .noise(converter$noise),
        .shift(converter$shift),
        .bits(converter$bits),
        .code(converter$code)
    );
    crossbar_engine$column column(
        .clock(column$clock),
        .code(column$code),
        .add(column$add),
        .first(column$first),
        .scale(column$scale),
        .bias(column$bias),
        .index(column$index)
    );
    crossbar_engine$biases biases(
        .clock(biases$clock),
        .address(biases$address),
        .write(biases$write),
        .write_data(biases$write_data),
        .data(biases$data)
    );
    crossbar_engine$bias bias(
        .clock(bias$clock),
        .d(bias$d),
        .q(bias$q)
    );
    crossbar_engine$lookup lookup(
        .clock(lookup$clock),
        .address(lookup$address),
        .data(lookup$data)
    );
    crossbar_engine$cells cells(
        .clock(cells$clock),
        .restart(cells$restart),
        .fresh(cells$fresh),
        .take(cells$take),
        .gate(cells$gate),
        .value(cells$value),
        .bits(cells$bits),
        .code(cells$code),
        .readout(cells$readout),
        .shown(cells$shown),
        .updated(cells$updated),
        .done(cells$done)
    );
    crossbar_engine$logits logits(
        .clock(logits$clock),
        .sum(logits$sum),
        .bias(logits$bias),
        .logit(logits$logit)
    );
    crossbar_engine$maximum maximum(
        .clock(maximum$clock),
        .clear(maximum$clear),
        .valid(maximum$valid),
        .logit(maximum$logit),
        .word(maximum$word),
        .best(maximum$best)
    );
    
    // Update code
    always @(*) begin
        extents$clock = clock;
        extents$hidden = settings[(64'h0)+:(8)];
        extents$inputs = settings[(64'h8)+:(8)];
        extents$classes = settings[(64'h10)+:(8)];
        extents$tile = settings[(64'h18)+:(8)];
        extents$dac_bits = settings[(64'h20)+:(4)];
        sequencer$clock = clock;
        sequencer$start = start;
        sequencer$answer = answer;
        sequencer$symbol = symbol;
        sequencer$clear = clear;
        sequencer$octet = octet;
        sequencer$largest = extents$largest;
        sequencer$last_row = extents$last_row;
        sequencer$walking = walk$busy;
        sequencer$shown = cells$shown;
        sequencer$code = cells$code;
        walk$clock = clock;
        walk$start = sequencer$walk;
        walk$answer = answer;
        walk$fresh = sequencer$fresh;
        walk$last_cell = extents$last_cell;
        walk$last_class = extents$last_class;
        walk$last_input = extents$last_input;
        walk$last_hidden = extents$last_hidden;
        walk$last_within = extents$last_within;
        walk$ready = 1'b1;
        walk$remembered = 1'b0;
        loader$clock = clock;
        loader$load = row_byte[(64'h0)+:(1)];
        loader$octet = row_byte[(64'h1)+:(8)];
        loader$region = row_byte[(64'h9)+:(1)];
        loader$row = row_byte[(64'ha)+:(16)];
        loader$place = row_byte[(64'h1a)+:(6)];
        stages$0$clock = clock;
        stages$0$d = walk$operation;
        stages$1$clock = clock;
        stages$1$d = stages$0$q;
        stages$2$clock = clock;
        stages$2$d = stages$1$q;
        stages$3$clock = clock;
        stages$3$d = stages$2$q;
        stages$4$clock = clock;
        stages$4$d = stages$3$q;
        stages$5$clock = clock;
        stages$5$d = stages$4$q;
        stages$6$clock = clock;
        stages$6$d = stages$5$q;
        stages$7$clock = clock;
        stages$7$d = stages$6$q;
        stages$8$clock = clock;
        stages$8$d = stages$7$q;
        stages$9$clock = clock;
        stages$9$d = stages$8$q;
        stages$10$clock = clock;
        stages$10$d = stages$9$q;
        stages$11$clock = clock;
        stages$11$d = stages$10$q;
        stages$12$clock = clock;
        stages$12$d = stages$11$q;
        stages$13$clock = clock;
        stages$13$d = stages$12$q;
        stages$14$clock = clock;
        stages$14$d = stages$13$q;
        stages$15$clock = clock;
        stages$15$d = stages$14$q;
        stages$16$clock = clock;
        stages$16$d = stages$15$q;
        chunk = ((walk$chunk) & 6'h3f);
        access[(64'h0)+:(14)] = walk$address;
        access[(64'he)+:(6)] = chunk;
        if (walk$hidden) begin
            access[(64'he)+:(6)] = chunk | ((32'h20) & 6'h3f);
            if (sequencer$bank) begin
                access[(64'he)+:(6)] = chunk | ((32'h30) & 6'h3f);
            end
        end
        accesses$clock = clock;
        accesses$d = access;
        store[(64'h0)+:(1)] = sequencer$write;
        store[(64'h1)+:(6)] = sequencer$write_lane;
        store[(64'h7)+:(6)] = sequencer$write_address;
        store[(64'hd)+:(8)] = sequencer$write_code;
        store[(64'h15)+:(8)] = cells$readout;
        stores$clock = clock;
        stores$d = store;
        weights$clock = clock;
        weights$address = accesses$q[(64'h0)+:(14)];
        if (loader$write) begin
            weights$address = loader$address;
        end
        weights$write = loader$write;
        weights$bank = loader$bank;
        weights$unit = loader$unit;
        select = ((32'h0) & 2'h3);
        if (stages$1$q[(64'h0)+:(1)] & ~stages$1$q[(64'h8)+:(1)]) begin
            select = ((32'h1) & 2'h3);
            if (stages$1$q[(64'h5)+:(1)]) begin
                select = ((32'h2) & 2'h3);
            end
        end
        lanes$0$clock = clock;
        lanes$0$write = stores$q[(64'h0)+:(1)] & (stores$q[(64'h1)+:(6)] == 0);
        lanes$0$write_address = stores$q[(64'h7)+:(6)];
        lanes$0$code = stores$q[(64'hd)+:(8)];
        lanes$0$readout = stores$q[(64'h15)+:(8)];
        lanes$0$address = accesses$q[(64'he)+:(6)];
        lanes$0$select = select;
        lanes$0$weight = weights$weights$0;
        tree$terms$0 = lanes$0$product;
        lanes$1$clock = clock;
        lanes$1$write = stores$q[(64'h0)+:(1)] & (stores$q[(64'h1)+:(6)] == 1);
        lanes$1$write_address = stores$q[(64'h7)+:(6)];
        lanes$1$code = stores$q[(64'hd)+:(8)];
        lanes$1$readout = stores$q[(64'h15)+:(8)];
        lanes$1$address = accesses$q[(64'he)+:(6)];
        lanes$1$select = select;
        lanes$1$weight = weights$weights$1;
        tree$terms$1 = lanes$1$product;
        lanes$2$clock = clock;
        lanes$2$write = stores$q[(64'h0)+:(1)] & (stores$q[(64'h1)+:(6)] == 2);
        lanes$2$write_address = stores$q[(64'h7)+:(6)];
        lanes$2$code = stores$q[(64'hd)+:(8)];
        lanes$2$readout = stores$q[(64'h15)+:(8)];
        lanes$2$address = accesses$q[(64'he)+:(6)];
        lanes$2$select = select;
        lanes$2$weight = weights$weights$2;
        tree$terms$2 = lanes$2$product;
        lanes$3$clock = clock;
        lanes$3$write = stores$q[(64'h0)+:(1)] & (stores$q[(64'h1)+:(6)] == 3);
        lanes$3$write_address = stores$q[(64'h7)+:(6)];
        lanes$3$code = stores$q[(64'hd)+:(8)];
        lanes$3$readout = stores$q[(64'h15)+:(8)];
        lanes$3$address = accesses$q[(64'he)+:(6)];
        lanes$3$select = select;
        lanes$3$weight = weights$weights$3;
        tree$terms$3 = lanes$3$product;
        tree$clock = clock;
        tile$clock = clock;
        tile$term = tree$sum;
        tile$add = stages$6$q[(64'h0)+:(1)];
        tile$first = stages$6$q[(64'h1)+:(1)];
        summed = stages$7$q[(64'h0)+:(1)] & stages$7$q[(64'h2)+:(1)] & ~stages$7$q[(64'h5)+:(1)];
        adds = stages$11$q[(64'h0)+:(1)] & stages$11$q[(64'h2)+:(1)] & ~stages$11$q[(64'h5)+:(1)];
        indexed = stages$15$q[(64'h0)+:(1)] & stages$15$q[(64'h4)+:(1)] & ~stages$15$q[(64'h5)+:(1)];
        taken = stages$16$q[(64'h0)+:(1)] & stages$16$q[(64'h4)+:(1)] & ~stages$16$q[(64'h5)+:(1)];
        rated = stages$8$q[(64'h0)+:(1)] & stages$8$q[(64'h4)+:(1)] & stages$8$q[(64'h5)+:(1)];
        converts = stages$5$q[(64'h0)+:(1)] & stages$5$q[(64'h2)+:(1)] & ~stages$5$q[(64'h5)+:(1)];
        noise$clock = clock;
        noise$clear = clear;
        noise$seed = settings[(64'h28)+:(32)];
        noise$draw = converts;
        noise$factor = gates$noise;
        gates$clock = clock;
        gates$write = gate_setting[(64'h0)+:(4)];
        gates$gate = gate_setting[(64'h4)+:(2)];
        gates$value = gate_setting[(64'h6)+:(16)];
        gates$convert = stages$6$q[(64'h6)+:(2)];
        gates$round = stages$8$q[(64'h6)+:(2)];
        gates$sum = stages$11$q[(64'h6)+:(2)];
        converter$clock = clock;
        converter$sum = tile$sum;
        converter$mantissa = gates$mantissa;
        converter$noise = noise$noise;
        converter$shift = gates$shift;
        converter$bits = settings[(64'h24)+:(4)];
        column$clock = clock;
        column$code = converter$code;
        column$add = adds;
        column$first = stages$11$q[(64'h3)+:(1)];
        column$scale = gates$scale;
        column$bias = biases$data;
        columns = ((settings[(64'h0)+:(8)]) & 10'h3ff) << 32'h2;
        next_bias = stages$12$q[(64'h0)+:(1)] & stages$12$q[(64'h4)+:(1)] & ~stages$12$q[(64'h5)+:(1)];
        if (stages$6$q[(64'h0)+:(1)] & stages$6$q[(64'h4)+:(1)] & stages$6$q[(64'h5)+:(1)]) begin
            next_bias = 1'b1;
        end
        bias$clock = clock;
        bias$d = bias$q;
        if (next_bias) begin
            bias$d = bias$q + 32'h1;
        end
        if (sequencer$walk) begin
            bias$d = 32'h0;
            if (answer) begin
                bias$d = columns;
            end
        end
        biases$clock = clock;
        biases$address = bias$q;
        if (loader$write_bias) begin
            biases$address = loader$bias_address;
        end
        biases$write = loader$write_bias;
        biases$write_data = loader$bias;
        index = column$index;
        lookup$clock = clock;
        lookup$address = ((index) & 10'h3ff);
        if (stages$15$q[(64'h6)+:(2)] == ((32'h2) & 2'h3)) begin
            lookup$address = ((index) & 10'h3ff) | ((32'h200) & 10'h3ff);
        end
        cells$clock = clock;
        cells$restart = sequencer$walk;
        cells$fresh = sequencer$fresh;
        cells$take = taken;
        cells$gate = stages$16$q[(64'h6)+:(2)];
        value = ((lookup$data) & 12'hfff);
        cells$value = value;
        cells$bits = settings[(64'h20)+:(4)];
        logits$clock = clock;
        logits$sum = tile$sum;
        logits$bias = biases$data;
        maximum$clock = clock;
        maximum$clear = sequencer$walk;
        maximum$valid = rated;
        maximum$logit = logits$logit;
        busy = sequencer$busy;
        position = sequencer$position;
        steps = sequencer$steps;
        answered = maximum$word;
        logit = maximum$best;
        tap_sum_valid = summed;
        tap_sum = tile$sum;
        tap_code_valid = adds;
        tap_code = converter$code;
        tap_index_valid = indexed;
        tap_index = index;
        tap_gate_valid = taken;
        tap_gate = value;
        tap_cell_valid = cells$done;
        tap_cell = cells$updated;
        tap_hidden_valid = cells$shown;
        tap_hidden = cells$code;
        tap_readout = cells$readout;
        tap_logit_valid = rated;
        tap_logit = logits$logit;
    end
    
endmodule
