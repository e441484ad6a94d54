# One Kafka broker that is its own controller (KRaft), on loopback.
# shellcheck shell=bash

kafka_configure() {
  cat >"$ETC/kafka.properties" <<X
process.roles=broker,controller
node.id=1
controller.quorum.bootstrap.servers=127.0.0.1:$KAFKA_CONTROLLER_PORT
listeners=PLAINTEXT://127.0.0.1:$KAFKA_PORT,CONTROLLER://127.0.0.1:$KAFKA_CONTROLLER_PORT
advertised.listeners=PLAINTEXT://127.0.0.1:$KAFKA_PORT
controller.listener.names=CONTROLLER
inter.broker.listener.name=PLAINTEXT
log.dirs=$DATA/kafka
num.partitions=3
auto.create.topics.enable=true
offsets.topic.replication.factor=1
offsets.topic.num.partitions=8
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
transaction.state.log.num.partitions=4
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
share.coordinator.state.topic.num.partitions=4
group.initial.rebalance.delay.ms=0
num.network.threads=2
num.io.threads=4
log.cleaner.dedupe.buffer.size=16777216
X
  cat >"$ETC/kafka-log4j2.properties" <<X
status=error
appender.console.type=Console
appender.console.name=console
appender.console.layout.type=PatternLayout
appender.console.layout.pattern=%d %p %m (%c{1})%n
rootLogger.level=info
rootLogger.appenderRef.console.ref=console
X
}

kafka_format() {
  [ ! -e "$DATA/kafka/meta.properties" ] || return 0
  "$JAVA" -Xmx128m -cp "$KAFKA_DIR/*" kafka.tools.StorageTool format --standalone --ignore-formatted \
    --cluster-id="$(openssl rand 16 | basenc --base64url | tr -d =)" -c "$ETC/kafka.properties"
}

kafka_ready() { port_open 127.0.0.1 $KAFKA_PORT; }

kafka_start() {
  kafka_configure
  kafka_format
  part kafka "$JAVA ${KAFKA_FLAGS[*]} $(aot_flag "$(basename "$KAFKA_DIR")") -Dlog4j2.configurationFile=$ETC/kafka-log4j2.properties -cp $KAFKA_DIR/* kafka.Kafka $ETC/kafka.properties"
  part_start kafka || note "running"
}
kafka_up() { until_part 240 kafka kafka_ready; }

# Follows every topic of ours, a line for each event: when, who says it, what kind, about what, and the body. New topics are found
# within seconds.
kafka_events() {
  "$JAVA" -Xmx96m -XX:+UseSerialGC -Dlog4j2.configurationFile="$HERE/kafka-console-log4j2.properties" -cp "$KAFKA_DIR/*" \
    org.apache.kafka.tools.consumer.ConsoleConsumer --bootstrap-server "127.0.0.1:$KAFKA_PORT" --include 'nephos\..*' \
    --command-property metadata.max.age.ms=3000 --formatter-property print.key=true --formatter-property print.headers=true "$@" |
    awk -F '\t' 'NF >= 3 {
      time = source = kind = "-"
      count = split($1, headers, ",")
      for (i = 1; i <= count; i++) {
        value = headers[i]
        sub(/^[^:]*:/, "", value)
        if (headers[i] ~ /^ce_time:/) time = substr(value, 12, 12)
        if (headers[i] ~ /^ce_source:/) { sub(/.*\//, "", value); source = value }
        if (headers[i] ~ /^ce_type:/) { sub(/.*\./, "", value); kind = value }
      }
      printf "%s  %-9s %-16s %s  %s\n", time, source, kind, $2, $3
      fflush()
    }'
}
