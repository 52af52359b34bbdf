#!/bin/sh
# clb-doctor: what this machine does with the health checks of a Tencent Cloud CLB.
#
# It only reads. It changes no setting, writes no file, loads no kernel module and no firewall table, opens no port. It
# sends one request of the health check, and a few like it, to the address of the target. It ends within 40 seconds and
# prints at most 20 KB. It needs nothing but a shell and /proc, and tells more with ss, ip, iptables, nft and curl.
#
# Its only argument is Base64 of lines `key=value`. No part of it is ever run as a command.
# The lines avoid tabs and an exclamation mark before a letter, so that the text can be pasted into any shell.
set -u
LC_ALL=C
export LC_ALL
nl='
'

# --- parameters ---

# The text of a Base64 text. Only shell arithmetic: not every machine has a tool for it.
decoded() {
  alphabet=ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/
  left=$1
  octal=
  while [ "${#left}" -ge 4 ]; do
    rest=${left#????}
    four=${left%"$rest"}
    left=$rest
    bits=0
    length=3
    while [ -n "$four" ]; do
      rest=${four#?}
      one=${four%"$rest"}
      four=$rest
      before=${alphabet%%"$one"*}
      if [ "$one" = "=" ]; then
        before=
        length=$((length - 1))
      fi
      bits=$((bits * 64 + ${#before}))
    done
    for shift in 16 8 0; do
      [ "$length" -gt 0 ] || break
      length=$((length - 1))
      byte=$(((bits >> shift) & 255))
      octal="$octal\\0$((byte / 64))$((byte / 8 % 8))$((byte % 8))"
    done
  done
  printf %b "$octal"
}

# Takes the escapes %XX out of a value and puts the text into $plain. It ends with a dot, because $( ) cuts line ends.
unescape() {
  left=$1
  octal=
  while :; do
    before=${left%%%*}
    octal="$octal$before"
    [ "$before" = "$left" ] && break
    left=${left#"$before"%}
    rest=${left#??}
    hex=${left%"$rest"}
    left=$rest
    case $hex in
    [0-9A-F][0-9A-F]) byte=$((0x$hex)) ;;
    *) byte=63 ;;
    esac
    octal="$octal\\0$((byte / 64))$((byte / 8 % 8))$((byte % 8))"
  done
  plain=$(printf %b. "$octal")
  plain=${plain%.}
}

# The value of a parameter, still escaped.
parameter() {
  value=$2
  case $given in
  *"$nl$1="*)
    value=${given#*"$nl$1="}
    value=${value%%"$nl"*}
    ;;
  esac
}

# A whole number from $3 to $4, else $2.
number() {
  parameter "$1" "$2"
  [ "$value" -ge "$3" ] && [ "$value" -le "$4" ] || value=$2
}

# TAT puts the parameters behind the last command of this file, where no shell reads them as commands.
in_own_file() {
  [ -r "$0" ] || return 0
  while IFS= read -r line; do
    case $line in
    '#={{'*) ;;
    '#='*) printf %s "${line#??}" ;;
    esac
  done <"$0"
}

# Is every character of $1 one of $2? The pattern is put together, because an exclamation mark cannot be pasted everywhere.
only() {
  case $1 in
  *[$not$2]*) return 1 ;;
  esac
}

# A parameter that goes into commands or programs as it is.
plain_parameter() {
  parameter "$1" ''
  unescape "$value"
  only "$plain" "$2" || plain=
}

read_parameters() {
  not=$(printf '\041')
  return=$(printf '\r')
  base64=${1-}
  [ -n "$base64" ] || base64=$(in_own_file)
  given=$nl$(decoded "$base64")$nl
  plain_parameter target 0-9a-fA-F.:
  target=$plain
  plain_parameter sources 0-9a-fA-F.:/,
  sources=$plain
  plain_parameter gets 0-9a-fA-F.:,
  gets=$plain
  plain_parameter script 0-9a-f
  script=$plain
  plain_parameter send 0-9a-fA-F
  send=$plain
  number codes 0 0 31
  codes=$value
  plain_parameter method A-Z
  method=${plain:-GET}
  plain_parameter version HTP/0-9.
  http_version=$plain
  plain_parameter protocol a-z0-9
  protocol=${plain:-tcp}
  plain_parameter kind a-z
  kind=${plain:-tcp}
  plain_parameter mode a-z
  mode=$plain
  parameter path /
  escaped_path=$value
  unescape "$value"
  path=$plain
  parameter host ''
  escaped_host=$value
  unescape "$value"
  host=$plain
  number port 0 0 65535
  port=$value
  number timeout 5 1 60
  timeout=$value
  number interval 5 1 300
  interval=$value
  number within 36 5 36
  deadline=$((deadline - 36 + value))
  family=4
  around=$target
  case $target in
  *:*)
    family=6
    around="[$target]"
    ;;
  esac
}

# --- output ---

facts=
used=0
ended_at=

# All that is printed stays below MOST bytes, whatever the machine has. Facts end where `edge` is: first those of the
# machine, then those of the requests and samples. What is behind them is for the sections.
MOST=20000
EDGE_OF_MACHINE=10500
EDGE_OF_SAMPLES=14700
edge=$EDGE_OF_MACHINE
unsaid=

say() {
  if [ "$((used + ${#facts} + ${#1} + ${#2} + 2))" -le "$edge" ]; then
    facts="$facts$1=$2$nl"
    return 0
  fi
  key=${1%%.*}
  case "$unsaid " in
  *" $key "*) ;;
  *) unsaid="$unsaid $key" ;;
  esac
}

# Lines of stdin as facts $1, at most $2 bytes of them. A line `-- 7` stands for seven that $3 left out: rows of little use.
as_facts() {
  room=$2
  more=0
  long=0
  while IFS= read -r line; do
    case $line in
    '-- '*' connections')
      printf 'not-seen=connections left-out %s\n' "${line#-- } of $1"
      continue
      ;;
    '-- '*)
      printf 'not-seen=%s left-out %s\n' "$3" "${line#-- } of $1"
      continue
      ;;
    esac
    size=${#line}
    [ "$size" -le 400 ] || size=400
    room=$((room - size - ${#1} - 2))
    if [ "$room" -ge 0 ]; then
      [ "${#line}" -le 400 ] || long=$((long + 1))
      printf '%s=%.400s\n' "$1" "$line"
    else
      room=-1
      more=$((more + 1))
    fi
  done
  [ "$more" = 0 ] || printf 'left-out=%s %d\n' "$1" "$more"
  [ "$long" = 0 ] || printf 'shortened=%s %d\n' "$1" "$long"
}

# How many lines are in text $1, without those that stand for others.
rows_in() {
  count=0
  [ -z "$1" ] || count=$(printf '%s\n' "$1" | { n=0; while IFS= read -r line; do case $line in '-- '*) ;; *) n=$((n + 1)) ;; esac; done; printf %s "$n"; })
}

# Text $3 as facts $1, at most $2 bytes of it. $4: the layer of what a row `-- 7` left out.
keep_facts() {
  if [ -n "$3" ]; then
    # The lines that say what was left out need some bytes, too.
    room=$((edge - used - ${#facts} - 250))
    [ "$room" -le "$2" ] || room=$2
    lines=$(printf '%s\n' "$3" | as_facts "$1" "$room" "${4-}")
    facts="$facts$lines$nl"
  fi
}

# Text $3 as facts $1 and how many rows it has, as fact $4: `device-list=ip 7`. $2: the most bytes.
keep_counted() {
  rows_in "$3"
  say "$4" "$5 $count${6-}"
  keep_facts "$1" "$2" "$3"
}

# Rows $2 of list $1 were left out, because no packet of the sources has to do with them. Another source may.
say_pruned() {
  [ "${2:-0}" = 0 ] || say pruned "$1 $2"
}

print_facts() {
  used=$((used + ${#facts}))
  printf %s "$facts"
  facts=
}

not_seen() {
  say not-seen "$1 $2 $3"
}

# --- time ---

# Seconds and hundredths since the start of the machine.
clock() {
  read -r up rest </proc/uptime
  seconds=${up%.*}
  ticks=$((seconds * 100 + 1${up#*.} - 100))
}

# Runs a command, and ends it after $1 seconds or at the end of the whole time.
limit() {
  allowed=$1
  shift
  clock
  [ "$allowed" -le "$((deadline - seconds))" ] || allowed=$((deadline - seconds))
  if [ "$allowed" -lt 1 ] || [ "$can_sleep" = no ]; then
    return 125
  fi
  { "$@" <&3 3<&- & } 3<&0
  job=$!
  (
    nap=
    ended=no
    # -9: a shell may lose another signal between fork and exec.
    trap 'ended=yes; [ -z "$nap" ] || kill -9 "$nap"' TERM
    sleep "$allowed" &
    nap=$!
    [ "$ended" = no ] || kill -9 $nap
    wait $nap
    [ "$ended" = yes ] || kill -9 $job
  ) >/dev/null 2>&1 &
  guard=$!
  # Some shells say that they ended it. What it printed goes on.
  {
    wait $job
    code=$?
    kill $guard
    wait $guard
  } 2>/dev/null
  return $code
}

has() {
  command -v "$1" >/dev/null
}

applet() {
  has "$1" && return 1
  case "$nl$applets$nl" in
  *"$nl$1$nl"*) return 0 ;;
  esac
  return 1
}

# Stands in for tools that only BusyBox has. `exec`: the limit ends the tool, not a shell around it.
borrow_from_busybox() {
  applets=
  has busybox && applets=$(busybox --list)
  for tool in awk cat sleep ip netstat nc wget ping od dd id; do
    # These names alone, nothing that was given.
    if applet "$tool"; then eval "$tool() { exec busybox $tool \"\$@\"; }"; fi
  done
  can_sleep=no
  has sleep && can_sleep=yes
}

# The content of a file. The built-in read takes /proc/sys byte by byte and gets only the first one, but in Bash.
show() {
  if has cat; then
    (cat "$1")
  elif [ -n "${BASH_VERSION-}" ]; then
    while IFS= read -r line; do printf '%s\n' "$line"; done <"$1"
  else
    return 1
  fi
}

# --- addresses, for awk ---

ADDRESSES='
function num(a, p) { split(a, p, "."); return ((p[1] * 256 + p[2]) * 256 + p[3]) * 256 + p[4] }
function bare(a) { sub(/\/(32|128)$/, "", a); return a }
# May two ranges have an address in common? Of two IPv6 ranges it knows that only for single addresses.
function meet(a, b, x, y, m, size) {
  a = bare(a); b = bare(b)
  if ((a ~ /:/) != (b ~ /:/)) return 0
  if (a ~ /:/) return a ~ /\// || b ~ /\// || a == b
  if ((a ~ /^[0-9.]+(\/[0-9]+)?$/) == 0) return 1
  split(a, x, "/"); split(b, y, "/")
  m = a ~ /\// ? x[2] : 32
  if (b ~ /\// && y[2] < m + 0) m = y[2]
  for (size = 1; m < 32; m++) size *= 2
  return int(num(x[1]) / size) == int(num(y[1]) / size)
}
function listed(a, list, n, i, all) {
  n = split(list, all, ",")
  for (i = 1; i <= n; i++) if (all[i] != "" && meet(a, all[i])) return 1
  return 0
}
'

# --- the machine ---

# Is a part of the kernel there without loading a module: loaded, builtin, absent or unknown? $2 is a function of it.
module() {
  state=unknown
  if [ -e /proc/modules ]; then
    while read -r name rest; do
      [ "$name" = "$1" ] && state=loaded
    done </proc/modules
  fi
  [ "$state" = loaded ] && return
  builtin=/lib/modules/$release/modules.builtin
  if [ -n "$release" ] && [ -r "$builtin" ]; then
    state=absent
    while read -r name; do
      case $name in
      */"$1".ko*) state=builtin ;;
      esac
    done <"$builtin"
  elif [ -r /proc/kallsyms ] && has awk; then
    state=$(awk -v f="$2" '$3 == f || index($3, f ".") == 1 { print "builtin"; found = 1; exit } END { if (found != 1) print "absent" }' /proc/kallsyms)
  fi
  # A kernel that can load nothing cannot be made to.
  [ "$state" = absent ] || [ -e /proc/modules ] || state=builtin
}

asked_facts() {
  say script "$script"
  has date && say at "$(date -u +%s)"
  say target "$target"
  say port "$port"
  say protocol "$protocol"
  say kind "$kind"
  say timeout "$timeout"
  say codes "$codes"
  # Still escaped, so that they are one line.
  if [ "${#escaped_path}" -le 1000 ]; then say path "$escaped_path"; else say left-out "path ${#escaped_path}"; fi
  if [ "${#escaped_host}" -le 1000 ]; then say host "$escaped_host"; else say left-out "host ${#escaped_host}"; fi
}

system_facts() {
  if [ "${#sources}" -le 1000 ]; then say sources "$sources"; else say left-out "sources ${#sources}"; fi
  release=$(show /proc/sys/kernel/osrelease)
  say kernel "$release"
  if has id; then
    say user "$(id -u)"
  fi
  container=no
  [ -e /.dockerenv ] || [ -e /run/.containerenv ] && container=yes
  [ -n "${KUBERNETES_SERVICE_HOST-}" ] && container=pod
  say container "$container"
  there=
  missing=
  for tool in awk cat sleep ss netstat ip tc iptables-save ip6tables-save iptables-legacy-save nft ipset curl nc wget bash ping; do
    if has "$tool"; then there="$there $tool"; else missing="$missing $tool"; fi
  done
  say tools "${there# }"
  say missing-tools "${missing# }"
}

SYSCTLS='net.ipv4.ip_forward net.ipv4.conf.all.forwarding net.ipv4.conf.default.forwarding net.ipv4.conf.all.rp_filter
net.ipv4.conf.default.rp_filter net.ipv4.conf.all.arp_ignore net.ipv4.conf.all.arp_filter
net.ipv4.conf.all.route_localnet
net.ipv4.icmp_echo_ignore_all net.ipv4.icmp_ratelimit net.ipv4.icmp_ratemask
net.ipv4.icmp_msgs_per_sec net.ipv4.tcp_tw_recycle net.ipv4.tcp_timestamps net.ipv4.tcp_max_tw_buckets
net.ipv4.tcp_max_syn_backlog net.ipv4.tcp_syncookies net.ipv4.tcp_abort_on_overflow net.core.somaxconn
net.ipv6.conf.all.forwarding net.ipv6.conf.all.disable_ipv6 net.ipv6.icmp.echo_ignore_all net.ipv6.icmp.ratelimit
net.ipv6.bindv6only net.netfilter.nf_conntrack_count net.netfilter.nf_conntrack_max
net.bridge.bridge-nf-call-iptables kernel.modules_disabled'

# Settings of /proc/sys by their dotted names. A device may have a dot in its name, so those keep the path until the end.
sysctl_facts() {
  for name in $SYSCTLS; do
    file=/proc/sys
    left=$name.
    while [ -n "$left" ]; do
      file=$file/${left%%.*}
      left=${left#*.}
    done
    if [ -r "$file" ] && value=$(show "$file"); then
      say "sysctl.$name" "$value"
    fi
  done
  has cat || not_seen sysctl tool cat
}

# The settings of the devices that a probe and its answer pass, then of others.
device_sysctl_facts() {
  has cat || return 0
  others=$(for file in /proc/sys/net/ipv"$family"/conf/*; do printf '%s ' "${file##*/}"; done)
  shown=' all default '
  skipped=0
  count=0
  for device in $passed $others; do
    case $shown in *" $device "*) continue ;; esac
    shown="$shown$device "
    count=$((count + 1))
    file=/proc/sys/net/ipv$family/conf/$device
    if [ "$count" -gt 8 ] || [ ! -r "$file/forwarding" ]; then
      skipped=$((skipped + 1))
      continue
    fi
    say "device-sysctl.ipv$family/$device/forwarding" "$(show "$file/forwarding")"
    [ "$family" = 4 ] || continue
    say "device-sysctl.ipv4/$device/rp_filter" "$(show "$file/rp_filter")"
    # Of those on which probes may come in.
    [ "$count" -le 4 ] || continue
    case " $passed " in
    *" $device "*)
      for name in arp_ignore arp_filter route_localnet; do say "device-sysctl.ipv4/$device/$name" "$(show "$file/$name")"; done
      ;;
    esac
  done
  [ "$skipped" = 0 ] || say left-out "device-sysctl $skipped"
}

# --- sockets ---

# Rows whose local end, field $1 of stdin, has the target's port come first. Others follow with one process each, at most
# 1,200 bytes of them.
own_port_first() {
  awk -v at="$1" -v p=":$port" '
    { $1 = $1; own = substr($at, length($at) - length(p) + 1) == p }
    own { print; next }
    { sub(/\),\(.*$/, "))"); size += length($0) + 12; if (size < 1200) other = other $0 "\n"; else more++ }
    END { printf "%s", other; if (more) print "-- " more }'
}

listening_facts() {
  listen_from=
  # ss asks the kernel in a way that loads a module. Without the module it is left alone.
  module tcp_diag tcp_diag_dump
  diag=$state
  module udp_diag udp_diag_dump
  if has ss && has awk && [ "$diag" != absent ] && [ "$diag" != unknown ] && [ "$state" != absent ] && [ "$state" != unknown ]; then
    rows=$(limit 5 ss -lntup) && listen_from=ss && rows=$(printf '%s\n' "$rows" | own_port_first 5)
  fi
  if [ -z "$listen_from" ] && has netstat && has awk; then
    rows=$(limit 4 netstat -lntup) || rows=$(limit 4 netstat -lntu)
    case $rows in
    *Recv-Q*) listen_from=netstat && rows=$(printf '%s\n' "$rows" | own_port_first 4) ;;
    esac
  fi
  if [ -n "$listen_from" ]; then
    rows_in "$rows"
    say listen-list "$listen_from $count"
    keep_facts "listen.$listen_from" 2800 "$rows" otherSockets
    process_facts "$rows"
  fi
  proc_sockets
}

# /proc/net/tcp and its like: rows that listen, and of the target's port. They are the only ones without ss and netstat.
proc_sockets() {
  hex=$(printf '%04X' "$port")
  extent=port
  [ -n "$listen_from" ] || extent=all
  for file in tcp tcp6 udp udp6; do
    [ -r "/proc/net/$file" ] || continue
    if has awk; then
      rows=$(awk -v p=":$hex" -v all="$listen_from" '
        NR == 1 { next }
        { is = $4 == "0A" || $4 == "07" }
        { row = $1 " " $2 " " $3 " " $4 " " $5 }
        $2 ~ p "$" { if (is || (size += length(row) + 10) < 700) print row; else busy++; next }
        all == "" && is { if ((other += length(row) + 10) < 1500) print row; else more++ }
        END { if (more) print "-- " more; if (busy) print "-- " busy " connections" }' "/proc/net/$file")
    else
      rows=$(proc_rows "$hex" <"/proc/net/$file")
    fi
    rows_in "$rows"
    say proc-list "$file $extent $count"
    keep_facts "proc.$file" 2400 "$rows" otherSockets
  done
}

proc_rows() {
  while read -r slot local peer status queues rest; do
    case $local.$status in
    *:"$1".* | *.0A | *.07) printf '%s %s %s %s %s\n' "$slot" "$local" "$peer" "$status" "$queues" ;;
    esac
  done
}

# The states of the processes that hold the socket: one that was stopped still listens.
process_facts() {
  pids=$(printf '%s\n' "$1" | awk -v p=":$port" '
    { hit = 0; for (i = 4; i <= 5; i++) if (substr($i, length($i) - length(p) + 1) == p) hit = 1 }
    hit { line = $0
      while (match(line, /pid=[0-9]+/)) { print substr(line, RSTART + 4, RLENGTH - 4); line = substr(line, RSTART + RLENGTH) }
      if (match($0, / [0-9]+\/[^ ]/)) print substr($0, RSTART + 1, RLENGTH - 3) }')
  count=0
  for pid in $pids; do
    count=$((count + 1))
    [ "$count" -le 12 ] || continue
    if [ -r "/proc/$pid/stat" ] && read -r line <"/proc/$pid/stat"; then
      line=${line##*) }
      say "process.$pid" "${line%% *}"
    fi
  done
  [ "$count" -le 12 ] || say left-out "process $((count - 12))"
}

# Connections of the target's port with a peer among the sources, each peer and state once, and some others.
connection_facts() {
  [ "$port" != 0 ] && has awk || return 0
  rows=
  at=4
  if [ "$listen_from" = ss ]; then
    rows=$(limit 4 ss -tan "sport = :$port")
  elif has netstat; then
    rows=$(limit 4 netstat -tan)
  fi
  [ -n "$rows" ] || return 0
  rows=$(printf '%s\n' "$rows" | awk -v at="$at" -v p=":$port" -v sources="$sources" "$ADDRESSES"'
    { local = $at; peer = $(at + 1); state = at == 4 && $1 ~ /^tcp/ ? $6 : $1 }
    state == "LISTEN" || substr(local, length(local) - length(p) + 1) != p { next }
    { sub(/:[0-9]+$/, "", peer); gsub(/[\[\]]/, "", peer); sub(/^::ffff:/, "", peer); $1 = $1 }
    (peer, state) in shown { next }
    { shown[peer, state] = 1 }
    listed(peer, sources) { if (n++ < 40) print; else more++; next }
    { if (m++ < 8) other = other $0 "\n"; else more++ }
    END { printf "%s", other; if (more) print "-- " more }')
  keep_facts "connection.${listen_from:-netstat}" 1600 "$rows" connections
}

# --- devices and routes ---

# Addresses of devices, the target's device first, and the lines of `ip link`.
ip_works=no
device=
addresses=
links=
links_read=no
read_devices() {
  has ip || return 0
  addresses=$(limit 3 ip -o addr)
  case $? in
  0) ip_works=yes ;;
  # It hangs.
  125 | 137) ;;
  *) addresses=$(limit 3 ip addr) && ip_works=yes ;;
  esac
  [ "$ip_works" = yes ] || return 0
  links=$(limit 3 ip -o link) && links_read=yes
  has awk || return 0
  # kube-ipvs0 holds every address of every Service: only those among the sources matter. Nobody asks for addresses of
  # the other family, and every device has one of its own link.
  addresses=$(printf '%s\n' "$addresses" | awk -v near="$sources,$target" -v target="$target" -v family="$family" "$ADDRESSES"'
    /^[0-9]+: / { at = $1; dev = $2; sub(/:$/, "", dev); sub(/@.*/, "", dev) }
    match($0, /inet6? [^ ]+( peer [^ ]+)?/) == 0 { next }
    { text = substr($0, RSTART, RLENGTH); split(text, w, " ") }
    index(w[2], target "/") == 1 || w[2] == target { own = dev; print at " " dev "    " text; next }
    (w[1] == "inet6") != (family == 6) || w[2] ~ /^fe80:/ { next }
    dev == "kube-ipvs0" && listed(bare(w[2]), near) == 0 { more++; next }
    { line[++n] = at " " dev "    " text; of[n] = dev }
    END {
      for (i = 1; i <= n; i++) if (of[i] == own) print line[i]
      for (i = 1; i <= n; i++) if (of[i] != own) print line[i]
      if (more) print "~ " more
    }')
  hidden=0
  case $nl$addresses in
  *"$nl~ "*)
    hidden=${addresses##*"~ "}
    addresses=${addresses%"~ $hidden"}
    addresses=${addresses%"$nl"}
    say device-more "$hidden of kube-ipvs0"
    say_pruned devices "$hidden"
    ;;
  esac
  device=$(printf '%s\n' "$addresses" | awk -v target="$target" 'NR == 1 && (index($4, target "/") == 1 || $4 == target) { print $2 }')
}

# Of a node with hundreds of devices: all of those that a probe passes. Of the others the name, what its state is and the
# mark of XDP, and only so many whose names begin alike.
few_links() {
  printf '%s\n' "$links" | awk -v passed=" $passed " -v backward=" $backward " '
    { name = $2; sub(/:$/, "", name); sub(/@.*/, "", name); rank = 3 }
    index(passed, " " name " ") { text[++n] = $0; rank_of[n] = 1; next }
    {
      flags = ""; xdp = ""
      m = split(substr($0, index($0, "<") + 1, index($0, ">") - index($0, "<") - 1), f, ",")
      for (i = 1; i <= m; i++) if (f[i] ~ /^(UP|LOWER_UP|NO-CARRIER|NOARP|LOOPBACK)$/) flags = flags (flags == "" ? "" : ",") f[i]
      if (match($0, /(^|[ \/])xdp[a-z]*/)) { xdp = " xdp"; rank = 2 }
      if (index(backward, " " name " ")) rank = 2
      kind = substr(name, 1, 3); sub(/[0-9].*/, "", kind)
      if (rank == 3 && ++alike[kind] > 4) { more++; next }
      text[++n] = $1 " " name ": <" flags ">" xdp; rank_of[n] = rank
    }
    END {
      for (r = 1; r <= 3; r++) for (i = 1; i <= n; i++) if (rank_of[i] == r) print text[i]
      if (more) print "~ " more
    }'
}

# A card without ARP reaches nobody. Devices of some kinds need none.
kind_fact() {
  [ -n "$device" ] && has awk || return 0
  is=$(printf '%s\n' "$links" | awk -v d="$device" '
    { name = $2; sub(/:$/, "", name); sub(/@.*/, "", name) }
    name == d && $3 ~ /[<,]NOARP[,>]/ { print "yes" }')
  [ "$is" = yes ] || return 0
  kind=$(limit 2 ip -d -o link show dev "$device") || return 0
  kind=$(printf '%s\n' "$kind" | awk '{ split($0, part, "\\"); split(part[3], w, " "); print w[1] }')
  say "link-kind.$device" "${kind:-card}"
}

device_facts() {
  if [ "$ip_works" = yes ]; then
    # With awk, those of the target's device come first.
    first=
    has awk && first=' first'
    keep_counted device 1000 "$addresses" device-list ip "$first"
    hidden=0
    if has awk; then
      links=$(few_links)
      case $links in
      *"$nl~ "*)
        hidden=${links##*"$nl~ "}
        links=${links%"$nl~ "*}
        ;;
      esac
    fi
    if [ "$links_read" = yes ]; then keep_counted link 1300 "$links" link-list ip; else not_seen devices failed 'ip link'; fi
    [ "$hidden" = 0 ] || say link-more "$hidden"
    kind_fact
  fi
  if has tc && has awk; then
    looked=0
    for one in $(printf '%s\n' "$links" | awk '{ sub(/:$/, "", $2); sub(/@.*/, "", $2); if ($0 ~ /[<,]UP[,>]/ && $2 != "lo" && $2 != "kube-ipvs0") print $2 }'); do
      looked=$((looked + 1))
      [ "$looked" -le 4 ] || continue
      if filters=$(limit 2 tc filter show dev "$one" ingress) && more=$(limit 2 tc filter show dev "$one" egress); then
        if [ -n "$filters$more" ]; then say "tc.$one" yes; else say "tc.$one" no; fi
      fi
      # Queues that may lose or hold packets, with what they lost.
      case " $passed " in *" $one "*) ;; *) continue ;; esac
      rows=$(limit 2 tc -s qdisc show dev "$one") || continue
      keep_counted queue 300 "$(printf '%s\n' "$rows" | awk -v d="$one" '
        $1 == "qdisc" { kind = $2; row = $0; sub(/^qdisc /, "", row) }
        /\(dropped / && (kind ~ /^(noqueue|p?fifo|bfifo|pfifo_fast|fq|fq_codel|mq|mqprio|codel|cake|prio|ingress|clsact)$/) == 0 {
          lost = $0; sub(/.*\(dropped /, "", lost); sub(/,.*/, "", lost); print d, lost, row }')" queue-list "$one"
    done
    looked=$((looked + ${hidden:-0}))
    [ "$looked" -le 4 ] || say left-out "tc $((looked - 4))"
  else
    not_seen tc tool tc
  fi
}

# What else decides before a packet filter does: IPsec, next hops that do not answer, and filters of ARP.
link_facts() {
  # Without the module nobody can have set a policy, and asking for one would load it.
  module xfrm_user xfrm_user_net_init
  user=$state
  module af_key pfkey_create
  case $user.$state in
  absent.absent) say xfrm none ;;
  loaded.* | builtin.*)
    if [ "$ip_works" = yes ] && has awk && rows=$(limit 2 ip -o xfrm policy); then
      rows=$(printf '%s\n' "$rows" | awk '($0 ~ /socket (in|out)/) == 0 && $1 == "src"')
      rows_in "$rows"
      all=$count
      rows=$(printf '%s\n' "$rows" | awk -v near="$sources,$target" "$ADDRESSES"'listed($2, near) && listed($4, near)')
      keep_counted xfrm-policy 800 "$rows" xfrm ip
      say_pruned xfrm "$((all - count))"
    else
      not_seen xfrm tool 'ip xfrm'
    fi
    ;;
  *) not_seen xfrm failed xfrm_user ;;
  esac
  neighbours_from='tool ip neigh'
  [ "$ip_works" = yes ] && has awk && neighbours_from='failed ip neigh' && rows=$(limit 2 ip neigh show) && neighbours_from=ip
  if [ "$neighbours_from" = ip ]; then
    # The next hops of the routes, and the sources themselves.
    hops=$(printf '%s\n' "$routes" | awk '
      { for (i = 1; i < NF; i++) if ($i == "via") {
          hop = $(i + 1); if (hop == "inet6") hop = $(i + 2)
          if ((hop in met) == 0) print hop
          met[hop] = 1
        } }' | lines_as_words)
    keep_counted neighbour 400 "$(printf '%s\n' "$rows" | awk -v hops=" $hops" -v near="$sources" "$ADDRESSES"'
      / (FAILED|INCOMPLETE)/ && (index(hops, " " $1 " ") || listed($1, near)) { $1 = $1; print }')" neighbour-list ip
  else
    not_seen neighbours "${neighbours_from%% *}" "${neighbours_from#* }"
  fi
  [ "$family" = 4 ] || return 0
  names=/proc/net/arp_tables_names
  loaded=
  if [ -r "$names" ] && loaded=$(while read -r line; do printf '%s ' "$line"; done <"$names") && [ -n "$loaded" ]; then
    not_seen arp tool arptables-legacy
  elif [ -e "$names" ] && [ ! -r "$names" ]; then
    not_seen arp permission "$names"
  else
    say arp none
  fi
}

routes=
routes_from='tool ip'
policies=
policies_from='tool ip'
backward=
read_routes() {
  if has ip; then
    routes_from='failed ip'
    policies_from='failed ip'
  fi
  if [ "$ip_works" = yes ]; then
    if [ "$family" = 6 ]; then
      routes=$(limit 3 ip -6 route show table all) && routes_from=ip
      policies=$(limit 3 ip -6 rule) && policies_from=ip
    else
      routes=$(limit 3 ip -4 route show table all) && routes_from=ip
      policies=$(limit 3 ip -4 rule) && policies_from=ip
    fi
    for one in $(printf %s "$gets" | awk '{ gsub(",", " "); print }'); do
      answer=$(limit 2 ip route get "$one" from "$target" 2>&1)
      [ -z "$answer" ] || say route-get "$(printf %.160s "$one ${answer%%"$nl"*}")"
    done
  fi
  if [ "$routes_from" != ip ] && [ "$family" = 4 ] && [ -r /proc/net/route ]; then
    routes_from=proc
    routes=$(while read -r line; do printf '%s\n' "$line"; done </proc/net/route)
  fi
  passed=$device
  if has awk && [ "$routes_from" = ip ]; then
    passed="$passed $(printf '%s\n' "$routes" | awk '
      / table / && ($0 ~ / table (main|254)/) == 0 { next }
      $1 == "default" || $1 == "nexthop" { for (i = 1; i < NF; i++) if ($i == "dev" && n++ < 4) print $(i + 1) }' | lines_as_words)"
    # An answer may leave through others.
    backward=$(printf '%s\n' "$routes" | awk -v near="$sources" "$ADDRESSES"'
      $1 ~ /^(local|broadcast|multicast|anycast)$/ { next }
      $1 == "default" || $1 == "nexthop" || listed($1, near) {
        for (i = 1; i < NF; i++) if ($i == "dev" && ($(i + 1) in met) == 0 && n++ < 6) { met[$(i + 1)] = 1; print $(i + 1) }
      }' | lines_as_words)
  fi
}

lines_as_words() {
  while read -r word; do printf '%s ' "$word"; done
}

# Where the packets of the probes are sent on to.
destinations() {
  printf '%s\n%s\n%s\n%s\n' "$ipt" "$legacy" "$nft" "$ipvs" | awk -v port="$port" '
    function add(to) {
      gsub(/[\[\],;]/, " ", to); split(to, w, " "); to = w[1]
      if (to ~ /^[0-9.]+:[0-9-]+$/) sub(/:.*/, "", to)
      if ((to ~ /^[0-9.]+$/ || to ~ /:.*:/) && (to in met) == 0 && n++ < 60) { met[to] = 1; print to }
    }
    function digit(c) { return index("0123456789ABCDEF", toupper(c)) - 1 }
    { for (i = 1; i < NF; i++) {
        if ($i == "--to-destination") add($(i + 1))
        if ($i == "dnat") for (k = i + 1; k <= NF && k < i + 40; k++) if ($k ~ /^\[?[0-9a-f.:]+/) add($k)
      } }
    $1 == "->" && $2 ~ /^[0-9A-F]+:/ {
      to = ""; for (i = 1; i < 8; i += 2) to = to (to == "" ? "" : ".") digit(substr($2, i, 1)) * 16 + digit(substr($2, i + 1, 1))
      add(to)
    }' | lines_as_words
}

# Of a node with hundreds of pods: the rules and routes that a probe and its answer can meet.
prune_routes() {
  has awk && [ "$routes_from" = ip ] && [ "$((${#routes} + ${#policies}))" -gt 2500 ] || return 0
  rows_in "$policies"
  rules=$count
  # No probe has one of these addresses.
  routes=$(printf '%s\n' "$routes" | awk '
    /^(broadcast|multicast|anycast)/ { kept = 0; next }
    # More hops of the route above.
    /^[ \t]/ { if (kept) print; next }
    { kept = 1; print }')
  rows_in "$routes"
  all=$count
  near=$sources,$target
  for one in $(destinations); do near=$near,$one; done
  # A rule for other addresses takes none of these packets.
  policies=$(printf '%s\n' "$policies" | awk -v near="$near" "$ADDRESSES"'
    { keep = 1
      for (i = 1; i < NF; i++) {
        if ($i == "not") { keep = 1; break }
        if (($i == "from" || $i == "to") && $(i + 1) ~ /^[0-9a-f.:\/]+$/ && $(i + 1) ~ /[.:]/ && listed($(i + 1), near) == 0) keep = 0
      } }
    keep { print }')
  tables=$(printf '%s\n' "$policies" | awk '{ for (i = 1; i < NF; i++) if ($i == "lookup" || $i == "table") print $(i + 1) }' | lines_as_words)
  routes=$(printf '%s\n' "$routes" | awk -v near="$near" -v tables=" $tables " -v all="$policies_from" "$ADDRESSES"'
    /^[ \t]/ { if (kept) print; next }
    { to = $1; if (to ~ /^(local|unicast|blackhole|unreachable|prohibit|throw|nat)$/) to = $2
      table = "main"; for (i = 1; i < NF; i++) if ($i == "table") table = $(i + 1)
      kept = (to == "default" || listed(to, near)) && (all != "ip" || table ~ /^(main|local|default)$/ || index(tables, " " table " ")) }
    kept { print }')
  rows_in "$policies"
  say_pruned policies "$((rules - count))"
  rows_in "$routes"
  say_pruned routes "$((all - count))"
  for one in $(printf '%s\n' "$routes" | awk '{ for (i = 1; i < NF; i++) if ($i == "dev") print $(i + 1) }'); do
    case " $passed " in *" $one "*) ;; *) passed="$passed $one" ;; esac
  done
}

# --- counters ---

NAMES="ListenOverflows ListenDrops IPReversePathFilter TCPTimeWaitOverflow TCPBacklogDrop TCPReqQFullDrop \
TCPReqQFullDoCookies PAWSPassive PAWSEstab PAWSActive InNoRoutes OutNoRoutes NoPorts InEchos OutEchoReps OutDestUnreachs"

# The counters of one moment, as facts count$1.
counter_facts() {
  for file in netstat snmp; do
    [ -r "/proc/net/$file" ] || continue
    while read -r keys && read -r values; do
      for key in $keys; do
        value=${values%% *}
        values=${values#* }
        case " $NAMES " in
        *" $key "*) say "count$1.$key" "$value" ;;
        esac
      done
    done <"/proc/net/$file"
  done
  if [ -r /proc/net/stat/nf_conntrack ] && has awk; then
    say "count$1.conntrackDrops" "$(awk '
      function hex(t, i, v) { v = 0; for (i = 1; i <= length(t); i++) v = v * 16 + index("0123456789abcdef", substr(t, i, 1)) - 1; return v }
      NR == 1 { for (i = 1; i <= NF; i++) if ($i == "drop" || $i == "insert_failed") want[i] = 1; next }
      { for (i in want) sum += hex($i) }
      END { printf "%d", sum }' /proc/net/stat/nf_conntrack)"
  fi
}

# --- packet filters ---

# One list: what prints it, and why it cannot be read. The kernel's part has to be there already, or listing loads it.
listing() {
  text=
  why=
  lacks=
  if text=$(limit 5 "$@"); then return 0; fi
  why=failed
  has id && [ "$(id -u)" != 0 ] && why=permission
  # Root in a container may lack what lists rules: bit 12 of its capabilities.
  while read -r name rest; do
    [ "$name" = CapEff: ] || continue
    case $rest in *[13579bdf]???) ;; *) why=permission && lacks=' CAP_NET_ADMIN' ;; esac
  done </proc/self/status
  return 1
}

# Every sample calls this: it fills ipt, legacy and nft with texts. The states say what an empty text means.
read_filters() {
  v=
  [ "$family" = 6 ] && v=6
  ipt=
  legacy=
  nft=
  if [ "$nft_state" = listed ]; then
    if listing nft list ruleset; then nft=$text; else nft_state="$why nft$lacks"; fi
  fi
  if [ "$ipt_state" = listed ]; then
    if listing "$ipt_tool" -c; then ipt=$(printf '%s\n' "$text" | rules_only); else ipt_state="$why $ipt_tool$lacks"; fi
  fi
  if [ "$legacy_state" = listed ]; then
    if listing "$legacy_tool" -c; then legacy=$(printf '%s\n' "$text" | rules_only); else legacy_state="$why $legacy_tool$lacks"; fi
  fi
}

rules_only() {
  while IFS= read -r line; do
    case $line in
    '# Table'* | [*:[-]*) printf '%s\n' "$line" ;;
    COMMIT) printf 'COMMIT\n' ;;
    esac
  done
}

choose_filters() {
  v=
  [ "$family" = 6 ] && v=6
  module nf_tables nft_do_chain
  tables=$state
  module nft_compat nft_match_eval
  compat=$state
  version=
  has ip"$v"tables && version=$(limit 2 ip"$v"tables -V)
  nft_state=empty
  ipt_state=empty
  ipt_tool=
  case $tables in
  unknown)
    nft_state='failed nf_tables'
    ipt_state='failed nf_tables'
    ;;
  loaded | builtin)
    nft_state='tool nft'
    has nft && nft_state=listed
    if has ip"$v"tables-nft-save; then
      ipt_tool=ip"$v"tables-nft-save
    else
      case $version in *nf_tables*) has ip"$v"tables-save && ipt_tool=ip"$v"tables-save ;; esac
    fi
    # Without nft_compat no rule of iptables needs it, and listing them would load it: nft shows them all.
    if [ "$compat" = absent ] || [ "$compat" = unknown ]; then
      ipt_state=in-nft
      [ "$nft_state" = listed ] || ipt_state='tool nft'
    elif [ -n "$ipt_tool" ]; then
      ipt_state=listed
    elif [ "$nft_state" = listed ]; then
      ipt_state=in-nft
    else
      ipt_state="tool ip${v}tables-nft-save"
    fi
    ;;
  esac
  legacy_state=empty
  legacy_tool=
  names=/proc/net/ip"$v"_tables_names
  if [ -e "$names" ]; then
    if [ -r "$names" ] && loaded=$(while read -r line; do printf '%s ' "$line"; done <"$names"); then
      if [ -n "$loaded" ]; then
        legacy_state="tool ip${v}tables-legacy-save"
        if has ip"$v"tables-legacy-save; then
          legacy_tool=ip"$v"tables-legacy-save
          legacy_state=listed
        elif has ip"$v"tables-save; then
          case $version in
          '' | *nf_tables*) ;;
          *)
            legacy_tool=ip"$v"tables-save
            legacy_state=listed
            ;;
          esac
        fi
      fi
    else
      legacy_state="permission $names"
    fi
  fi
}

# Leaves out of an iptables-save what a probe and its reply cannot meet: rules for other addresses, protocols and ports,
# and chains that nothing leads to. `~CHAIN 3` stands for three such rules, so that the others keep their numbers.
# shellcheck disable=SC2016 # The program is for awk.
PRUNE='
function words(rule, t, i) {
  gsub(/"([^"\\]|\\.)*"/, "\"\"", rule)
  return split(rule, t, " ")
}
# mode 1: only requests come by. 2: replies, too. near: addresses that these packets can have. ports: those of requests.
function possible(rule, mode, t, n, i, w, no) {
  n = words(rule, t)
  for (i = 1; i < n; i++) {
    w = t[i]; no = i > 1 && t[i - 1] == "\041"
    if (no) continue
    if ((w == "-s" || w == "-d") && listed(t[i + 1], near) == 0) return 0
    if (w == "-p" && t[i + 1] ~ /^(tcp|udp|icmp|ipv6-icmp|sctp|udplite|esp|ah|gre)$/ && t[i + 1] != proto && t[i + 1] != also) return 0
    if (mode == 1 && (w == "--dport" || w == "--dports") && inside(t[i + 1]) == 0) return 0
  }
  return 1
}
function inside(spec, all, own, n, m, i, j, r) {
  n = split(spec, all, ","); m = split(ports, own, ",")
  for (i = 1; i <= n; i++) {
    if ((all[i] ~ /^[0-9]+(:[0-9]+)?$/) == 0) return 1
    split(all[i], r, ":"); if ((all[i] ~ /:/) == 0) r[2] = r[1]
    for (j = 1; j <= m; j++) if (own[j] != "" && own[j] + 0 >= r[1] + 0 && own[j] + 0 <= r[2] + 0) return 1
  }
  return 0
}
function reach(table, chain, mode, i, t, n, k, to) {
  if (reached[table, chain] >= mode) return
  reached[table, chain] = mode
  for (i = first[table, chain]; i != "" && i <= last[table, chain]; i++) {
    if (of[i] != table SUBSEP chain || possible(rules[i], mode) == 0) continue
    n = words(rules[i], t)
    for (k = 1; k < n; k++) {
      if (t[k] == "--to-destination") {
        to = t[k + 1]
        if (to ~ /^[0-9.]+(:[0-9]+)?$/) {
          if (to ~ /:/) { ports = ports "," substr(to, index(to, ":") + 1); sub(/:.*/, "", to) }
          near = near "," to
        } else if (match(to, /^\[[^\]]+\]:[0-9]+$/)) {
          ports = ports "," substr(to, index(to, "]:") + 2)
          near = near "," substr(to, 2, index(to, "]") - 2)
        } else wide = 1
      }
      if (t[k] == "--to-ports" || t[k] == "--to-port" || t[k] == "--on-port") ports = ports "," t[k + 1]
      if ((t[k] == "-j" || t[k] == "-g") && ((table, t[k + 1]) in first)) reach(table, t[k + 1], mode)
    }
  }
}
/^\*/ { table = substr($1, 2); tables[++nt] = table; next }
/^:/ { c = substr($1, 2); head[table, c] = $0; order[table, ++nc[table]] = c; if ((table, c) in first) next; first[table, c] = ""; if ($2 != "-") base[table, c] = 1; next }
/^(\[[0-9]+:[0-9]+\] )?-A / {
  rule = $0; sub(/^\[[0-9:]+\] /, "", rule); split(rule, p, " ")
  rules[++nr] = rule; whole[nr] = $0; of[nr] = table SUBSEP p[2]; name[nr] = p[2]; tableof[nr] = table
  if (first[table, p[2]] == "") first[table, p[2]] = nr
  last[table, p[2]] = nr
  next
}
/^# Table/ { print }
END {
  reach("nat", "PREROUTING", 1)
  reach("nat", "INPUT", 1); reach("nat", "POSTROUTING", 1)
  split("raw mangle filter security", all, " ")
  split("PREROUTING FORWARD OUTPUT POSTROUTING", hooks, " ")
  for (i = 1; i <= 4; i++) for (j = 1; j <= 4; j++) reach(all[i], hooks[j], 2)
  for (i = 2; i <= 4; i++) reach(all[i], "INPUT", 1)
  for (i = 1; i <= nt; i++) {
    table = tables[i]
    print "*" table
    for (j = 1; j <= nc[table]; j++) {
      c = order[table, j]
      if (((table, c) in base) || reached[table, c]) print head[table, c]
    }
    out = 0; outof = ""
    for (k = 1; k <= nr; k++) {
      if (tableof[k] != table) continue
      c = name[k]
      keep = wide || (reached[table, c] && possible(rules[k], reached[table, c]))
      if (out && (keep || c != outof)) { print "~" outof " " out; out = 0 }
      if (keep) print whole[k]
      else if (reached[table, c]) { out++; outof = c }
    }
    if (out) print "~" outof " " out
    print "COMMIT"
  }
}
'

# Leaves out of a ruleset the tables of the other family, those that iptables has shown, and chains that nothing leads to.
# shellcheck disable=SC2016 # The program is for awk.
PRUNE_NFT='
/^table / { fam = $2; tab = $3; skip = 0
  if (fam == other || (fam == "arp" && own != "ip")) skip = 1
  if (shown == "yes" && fam == own && tab ~ /^(filter|nat|mangle|raw|security)$/) skip = 1 }
skip { next }
/^[ \t]+chain .*\{$/ && small != "yes" { chain = fam " " tab " " $2; order[++n] = chain; line[++all] = ""; at[all] = chain; body[chain] = $0; inside = 1; next }
inside { body[chain] = body[chain] "\n" $0; if ($0 ~ /type .* hook /) roots[chain] = 1; if ($1 == "}") inside = 0; next }
{ line[++all] = $0; at[all] = ""; if ($0 ~ /(jump|goto) /) follow($0, fam " " tab) }
function follow(text, where, w, k, i, c) {
  k = split(text, w, /[ \t\n,;:{}]+/)
  for (i = 1; i < k; i++) if (w[i] == "jump" || w[i] == "goto") { c = where " " w[i + 1]; want[c] = 1 }
}
END {
  do {
    more = 0
    for (i = 1; i <= n; i++) {
      c = order[i]
      if (done[c] || ((c in roots) == 0 && (c in want) == 0)) continue
      done[c] = 1; more = 1; split(c, p, " "); follow(body[c], p[1] " " p[2])
    }
  } while (more)
  for (i = 1; i <= all; i++) if (at[i] == "") print line[i]; else if (done[at[i]]) print body[at[i]]
}
'

prune_iptables() {
  proto=$protocol
  [ "$proto" = icmpv6 ] && proto=ipv6-icmp
  # Neighbour discovery comes before every packet of IPv6, from an address of the link to one of a group.
  also=
  group=
  [ "${family-4}" = 6 ] && also=ipv6-icmp && group=,fe80::/10,ff02::/16
  printf '%s\n' "$1" | awk -v also="$also" -v near="$sources,$target$group" -v ports="$port" -v proto="$proto" "$ADDRESSES$PRUNE"
}

prune_nft() {
  own=ip
  other=ip6
  [ "$family" = 6 ] && own=ip6 && other=ip
  shown=no
  [ "$ipt_state" = listed ] && case $ipt in *'# Table'*) ;; *) shown=yes ;; esac
  small=no
  [ "${#1}" -gt 5000 ] || small=yes
  printf '%s\n' "$1" | awk -v own="$own" -v other="$other" -v shown="$shown" -v small="$small" "$PRUNE_NFT"
}

# What is left of the texts of one sample, and how many rules of iptables are not: `dropped`. Small lists stay whole.
prune_filters() {
  dropped=0
  has awk || return 0
  [ -z "$nft" ] || nft=$(prune_nft "$nft")
  if [ "$((${#ipt} + ${#legacy}))" -gt 5000 ]; then
    iptables_rules
    all=$count
    [ -z "$ipt" ] || ipt=$(prune_iptables "$ipt")
    [ -z "$legacy" ] || legacy=$(prune_iptables "$legacy")
    iptables_rules
    dropped=$((all - count))
  fi
}

iptables_rules() {
  count=$(printf '%s\n' "$ipt$nl$legacy" | awk '/^(\[[0-9:]+\] )?-A / { n++ } END { printf "%d", n }')
}

# The counters of two texts with the same rules: `7 12:720` for the seventh line. Nothing if the rules have changed.
moved() {
  has awk || return 0
  printf '%s\n@@@\n%s\n' "$1" "$2" | awk '
    function counter(s) {
      if (match(s, /\[[0-9]+:[0-9]+\]/)) return substr(s, RSTART + 1, RLENGTH - 2)
      if (match(s, /packets [0-9]+ bytes [0-9]+/)) { s = substr(s, RSTART, RLENGTH); split(s, p, " "); return p[2] ":" p[4] }
      return ""
    }
    function rest(s) { sub(/\[[0-9]+:[0-9]+\]/, "", s); sub(/packets [0-9]+ bytes [0-9]+/, "", s); return s }
    $0 == "@@@" { second = 1; next }
    second == 0 { a[++n] = $0; next }
    { b[++m] = $0 }
    END {
      if (n != m) { print "changed"; exit }
      for (i = 1; i <= n; i++) if (rest(a[i]) != rest(b[i])) { print "changed"; exit }
      for (i = 1; i <= n; i++) if (a[i] != b[i]) print i, counter(b[i])
    }'
}

# The sets that rules name, without the members that no packet of a probe has.
ipset_text() {
  printf '%s\n' "$ipt$nl$legacy" | awk '{ for (i = 1; i < NF; i++) if ($i == "--match-set") print $(i + 1) }' | {
    while read -r name; do
      case "$nl${sets-}" in
      *"$nl$name$nl"*) continue ;;
      esac
      sets="${sets-}$name$nl"
      limit 3 ipset save "$name"
    done
  } | awk -v near="$sources,$target" "$ADDRESSES"'
    $1 == "create" { print; next }
    $1 == "add" { to = $3; sub(/,.*/, "", to); if ((to ~ /^[0-9]+\.[0-9.]+(\/[0-9]+)?$/) == 0 || listed(to, near)) print; else more++ }
    END { if (more) print "~ " more }'
}

ipset=
read_ipset() {
  ipset_state=empty
  case "$ipt$legacy" in
  *--match-set*)
    module ip_set ip_set_add
    ipset_state='tool ipset'
    if has ipset && has awk && [ "$state" != absent ] && [ "$state" != unknown ]; then
      ipset=$(ipset_text)
      ipset_state='failed ipset'
      [ -z "$ipset" ] || ipset_state=listed
      case $ipset in
      *"$nl~ "*)
        say_pruned ipset "${ipset##*"$nl~ "}"
        ipset=${ipset%"$nl~ "*}
        ;;
      esac
    fi
    ;;
  esac
}

ipvs=
read_ipvs() {
  ipvs_state=empty
  [ -e /proc/net/ip_vs ] || return 0
  if [ -r /proc/net/ip_vs ] && has awk; then
    ipvs_state=listed
    hex=$(printf '%04X' "$port")
    # The virtual services of the target's port, and of the addresses of the sources, with their real servers.
    ipvs=$(awk -v p=":$hex" '
      /^(TCP|UDP|SCTP|FWM) / { keep = index($2, p) == length($2) - length(p) + 1 && length($2) > length(p) }
      keep || NR <= 3 { print }' /proc/net/ip_vs)
  else
    ipvs_state='permission /proc/net/ip_vs'
  fi
}

# --- the check's own request, from this machine to itself ---

# The real probes call themselves so. An application may answer others otherwise.
AGENT=clb-healthcheck

# Of one request: tool, scheme, method, address, port, own or near, ms that were allowed, exit, ms, and what was printed:
# at most $8 characters of it. It ended at $ended, or now.
request_fact() {
  text=$(printf '%s' "$7" | { while IFS= read -r line || [ -n "$line" ]; do printf '%s ' "${line%"$return"}"; done; })
  clock
  [ -z "$ended_at" ] || ticks=$ended_at
  ended_at=
  most=${8-300}
  [ "${#text}" -le "$most" ] || text="$(printf "%.${most}s" "$text") ..."
  say request "$1 $2 $3 $target $port $4 $5 $6 $(((ticks - began) * 10)) $text"
}

has_control() {
  case $1 in
  *[[:cntrl:]]*) return 0 ;;
  esac
  return 1
}

# A tool would change or refuse another path in a URL, or take a part of it for the host.
plain_path() {
  case $path in
  */./* | */../* | */. | */..) return 1 ;;
  /*) only "$path" 'a-zA-Z0-9._~/?&=:@,;+-' ;;
  *) return 1 ;;
  esac
}

with_curl() {
  scheme=$1
  verb=$2
  own=$3
  wait_for=$4
  set -- -q -sS -k -g --noproxy '*' -m "$wait_for" -o /dev/null -w ' code=%{http_code} connect=%{time_connect} total=%{time_total} '
  if [ "$verb" = HEAD ]; then set -- "$@" -I; else set -- "$@" -X "$verb"; fi
  if [ "$http_version" = HTTP/1.0 ]; then set -- "$@" -0; fi
  if [ -n "$host" ]; then set -- "$@" -H "Host: $host"; else set -- "$@" -H 'Host:'; fi
  set -- "$@" -A "$AGENT" -H 'Accept:'
  if plain_path; then
    set -- "$@" "$scheme://$around:$port$path"
  else
    set -- "$@" --request-target "$path" "$scheme://$around:$port/"
  fi
  clock
  began=$ticks
  answer=$(limit "$((wait_for + 1))" curl "$@" 2>&1)
  code=$?
  # 2: an option that an old curl does not have.
  [ "$code" = 2 ] && return 1
  request_fact curl "$scheme" "$verb" "$own" "$((wait_for * 1000))" "$code" "$answer"
}

# The first message of TLS: a server that speaks it answers with a message of type 16 or 15 (RFC 5246, 6.2.1 and 7.4.1.2).
CLIENT_HELLO=16030100330100002f0303636c622d646f63746f722d70726f6265636c622d646f63746f722d70726f6265000008c02fc030009c002f0100

# What a request of scheme $1 and method $2 sends, as bytes.
payload() {
  case $1 in
  http)
    printf '%s %s %s\r\n' "$2" "$path" "${http_version:-HTTP/1.1}"
    [ -z "$host" ] || printf 'Host: %s\r\n' "$host"
    printf 'User-Agent: %s\r\n\r\n' "$AGENT"
    ;;
  https) bytes "$CLIENT_HELLO" ;;
  custom | udp) bytes "$send" ;;
  esac
}

bytes() {
  left=$1
  octal=
  while [ "${#left}" -ge 2 ]; do
    rest=${left#??}
    byte=$((0x${left%"$rest"}))
    left=$rest
    octal="$octal\\0$((byte / 64))$((byte / 8 % 8))$((byte % 8))"
  done
  printf %b "$octal"
}

# Bash connects by itself. It prints `connected` once TCP is open, then the first line or bytes that come back.
# shellcheck disable=SC2016 # That Bash expands it.
BASH_TALK='exec 3<>"/dev/$1/$2/$3" || exit 7
echo connected
[ "$5" = none ] && exit 0
cat >&3
if [ "$5" = hex ]; then
  exec dd bs=2048 count=1 status=none <&3
fi
IFS= read -r -t "$4" line <&3 && printf "%s\n" "$line"'

# Bytes as hexadecimal without spaces: a custom check compares all of them.
as_hex() {
  od -An -v -tx1 | while read -r line; do
    while :; do
      case $line in
      *' '*) line="${line%% *}${line#* }" ;;
      *) break ;;
      esac
    done
    printf %s "$line"
  done
}

# With the time at which it came.
first_line() {
  IFS= read -r line && clock && printf '%s\n=line %s\n' "$line" "$ticks"
}

# nc with the payload as stdin, which stays open, because some versions end when theirs does. A limit of nc's own ends only
# the wait for a connection. What it prints goes to stdout, and how and when it ended to 4.
nc_talk() {
  limit "$(($1 + 1))" nc -w "$1" "$target" "$port" 2>&1
  code=$?
  clock
  printf '\n=ended %s %s\n' "$code" "$ticks" >&4
}

# Puts the answer that nc got into the form of BASH_TALK: `connected`, then the first line. nc does not say that it is
# connected, but that it cannot connect.
nc_answer() {
  first=
  line_at=
  ended_at=
  code=0
  while [ -n "$answer" ]; do
    line=${answer%%"$nl"*}
    case $answer in *"$nl"*) answer=${answer#*"$nl"} ;; *) answer= ;; esac
    case $line in
    '=ended '*' '*)
      ended_at=${line##* }
      code=${line#* }
      code=${code%% *}
      ;;
    '=line '*) line_at=${line#* } ;;
    *) [ -n "$first" ] || first=$line ;;
    esac
  done
  answer=$first
  case $code.$first in
  *.nc:* | *.Ncat:* | *'(UNKNOWN)'*) ;;
  *.?*)
    answer="connected $first"
    code=0
    ended_at=$line_at
    ;;
  0.)
    answer=connected
    [ "$((ended_at - began))" -lt "$(($1 * 100))" ] || code=137
    ;;
  # Killed by its limit, long after its own limit for connecting.
  137.) answer=connected ;;
  esac
}

# Sends the payload and keeps what comes back: $1 scheme, $2 method, $3 none, line or hex, $4 seconds to wait, $5 own or near.
raw_talk() {
  over=tcp
  [ "$protocol" = udp ] && over=udp
  most_hex=300
  [ "$3" = hex ] && { has od && has dd || return 1; }
  # What a check expects is shorter.
  [ "$3" != hex ] || most_hex=1300
  clock
  began=$ticks
  if has bash && has cat; then
    if [ "$3" = hex ]; then
      answer=$(payload "$1" "$2" | limit "$4" bash -c "$BASH_TALK" bash "$over" "$target" "$port" "$4" hex 2>&1 | as_hex)
      code=0
    else
      answer=$(payload "$1" "$2" | limit "$4" bash -c "$BASH_TALK" bash "$over" "$target" "$port" "$4" "$3" 2>&1)
      code=$?
    fi
    request_fact bash "$1" "$2" "$5" "$(($4 * 1000))" "$code" "$answer" "$most_hex"
  elif has nc; then
    case $over.$3 in
    tcp.none)
      answer=$(limit "$4" nc -w "$4" "$target" "$port" 2>&1)
      code=$?
      answer=${answer%%"$nl"*}
      ;;
    tcp.line)
      answer=$({ { payload "$1" "$2" && sleep "$(($4 + 1))"; } | nc_talk "$4" | first_line; } 4>&1)
      nc_answer "$4"
      ;;
    tcp.hex)
      answer=$({ payload "$1" "$2" && sleep "$4"; } | limit "$4" nc -w "$4" "$target" "$port" 2>&1 | dd bs=2048 count=1 status=none | as_hex)
      code=0
      ;;
    *)
      answer=$({ payload "$1" "$2" && sleep "$4"; } | limit "$4" nc -u -w "$4" "$target" "$port" 2>&1 | dd bs=2048 count=1 status=none | as_hex)
      code=0
      ;;
    esac
    request_fact nc "$1" "$2" "$5" "$(($4 * 1000))" "$code" "$answer" "$most_hex"
  else
    return 1
  fi
}

# wget follows redirects and speaks HTTP/1.1 alone, so it never sends the check's own request. HOME keeps it from a file.
with_wget() {
  plain_path || return 1
  clock
  began=$ticks
  answer=$(
    HOME=/dev/null
    export HOME
    limit "$1" wget -U "$AGENT" -S -O /dev/null "http://$around:$port$path" 2>&1
  )
  code=$?
  request_fact wget http GET near "$(($1 * 1000))" "$code" "$answer"
}

http_requests() {
  if has_control "$path$host"; then
    not_seen request left-out control-characters
    return 0
  fi
  if has curl && with_curl "$kind" "$method" own "$patience"; then
    case $kind.$mode.$answer in
    *.peer.*) ;;
    *'(7)'*) ;;
    https..*'(35)'*) with_curl http "$method" near 3 ;;
    *) near_requests with_curl ;;
    esac
  elif [ "$kind" = http ]; then
    raw_http || { has wget && with_wget "$patience"; } || not_seen request tool curl
  else
    [ "$mode" = peer ] || raw_talk https - hex 3 near
    not_seen request tool curl
  fi
}

# Does it know no HEAD? Does it speak TLS? Only an answer that the check does not take leaves these questions.
near_requests() {
  digit=
  case $answer in
  *code=[1-5]*) digit=${answer#*code=} ;;
  *HTTP/?.?\ [1-5]*) digit=${answer#*HTTP/?.? } ;;
  esac
  digit=${digit%"${digit#?}"}
  [ "$((codes >> (${digit:-6} - 1) & 1))" = 0 ] || return 0
  if [ "$method" = HEAD ]; then
    case $1 in
    raw) raw_talk http GET line "$patience" near ;;
    *) with_curl "$kind" GET near "$patience" ;;
    esac
  fi
  case $digit.$kind.$1 in
  [235].* | *.https.*) ;;
  *.raw) raw_talk https - hex 3 near ;;
  *) with_curl https "$method" near 3 ;;
  esac
}

# The same questions without curl.
raw_http() {
  raw_talk http "$method" line "$patience" own || return 1
  # 128 and more: no answer came in time.
  [ "$code" -le 128 ] || return 0
  case $mode.$answer in
  peer.* | *efused* | *nreachable* | *'o route'* | *'imed out'*) ;;
  *) near_requests raw ;;
  esac
  return 0
}

# An empty message: not compressed, length 0 (gRPC over HTTP/2, "Requests").
grpc_request() {
  if has curl && { has_control "$path$host" && return 1 || :; }; then
    clock
    began=$ticks
    set -- -q -sS -g --noproxy '*' -m "$patience" -o /dev/null -D - --http2-prior-knowledge -X POST
    [ -z "$host" ] || set -- "$@" -H "Host: $host"
    set -- "$@" -A "$AGENT" -H 'Accept:' -H 'Content-Type: application/grpc' -H 'TE: trailers' --data-binary @-
    if plain_path; then
      set -- "$@" "http://$around:$port$path"
    else
      set -- "$@" --request-target "$path" "http://$around:$port/"
    fi
    answer=$(printf '\000\000\000\000\000' | limit "$((patience + 1))" curl "$@" 2>&1)
    code=$?
    request_fact curl grpc POST own "$((patience * 1000))" "$code" "$answer"
  else
    not_seen request tool curl
  fi
}

ping_request() {
  has ping || { not_seen request tool ping && return 0; }
  clock
  began=$ticks
  answer=$(limit "$((patience + 1))" ping -c 1 -W "$patience" "$target" 2>&1)
  code=$?
  request_fact ping ping - own "$((patience * 1000))" "$code" "${answer##*"$nl$nl"}"
}

requests() {
  patience=$timeout
  [ "$patience" -le 10 ] || patience=10
  if [ -z "$target" ] || [ "$can_sleep" = no ]; then
    not_seen request tool sleep
    return 0
  fi
  if [ "$port" = 0 ] && [ "$kind" != ping ]; then
    not_seen request left-out port
    return 0
  fi
  case $kind in
  http | https) http_requests ;;
  grpc) grpc_request ;;
  ping) ping_request ;;
  custom | udp) raw_talk "$kind" - hex "$patience" own || not_seen request tool nc ;;
  *) raw_talk tcp - none "$patience" own || tcp_with_curl || not_seen request tool nc ;;
  esac
}

# curl connects and ends, because its stdin has ended.
tcp_with_curl() {
  has curl || return 1
  clock
  began=$ticks
  answer=$(limit "$((patience + 1))" curl -q -sS -g --noproxy '*' -m "$patience" "telnet://$around:$port" 2>&1 </dev/null)
  code=$?
  request_fact curl tcp - own "$((patience * 1000))" "$code" "${answer##*"$nl"}"
}

# --- sections: raw texts, at the end ---

# What the facts about the sections, empty sections and the marker at the end need.
RESERVED=1700
SHORT=1500

sections=
admitted=' '
room=0
pass=

lines_in() {
  count=0
  [ -z "$1" ] || count=$(printf '%s\n' "$1" | { n=0; while read -r line; do n=$((n + 1)); done; printf %s "$n"; })
}

# Section $1 with text $3, read in state $2. Layer $4 in the list of what was not seen. Short ones find room before long
# ones: each list that is missing keeps the others from telling.
section() {
  case $2 in
  listed | ip | proc) ;;
  *)
    [ "$pass" = tell ] || return 0
    case $2 in
    empty) say empty "$1" ;;
    in-nft) say in-nft "$1" ;;
    *) not_seen "$4" "${2%% *}" "${2#* }" ;;
    esac
    return 0
    ;;
  esac
  if [ "$pass" = tell ]; then
    case $admitted in
    *" $1 "*)
      lines_in "$3"
      sections="$sections== $1 $count$nl"
      [ -z "$3" ] || sections="$sections$3$nl"
      ;;
    *)
      lines_in "$3"
      not_seen "$4" left-out "$count lines"
      ;;
    esac
    return 0
  fi
  case $admitted in *" $1 "*) return 0 ;; esac
  [ -z "$3" ] || {
    size=$((${#1} + ${#3} + 12))
    [ "$pass" = long ] || [ "$size" -le "$SHORT" ] || return 0
    [ "$size" -le "$room" ] || return 0
    room=$((room - size))
  }
  admitted="$admitted$1 "
}

all_sections() {
  pass=$1
  section policies "$policies_from" "$policies" policies
  section "routes-${routes_from%% *}" "$routes_from" "$routes" routes
  v=
  [ "$family" = 6 ] && v=6
  section iptables "$ipt_state" "$ipt" "ip${v}tables"
  section iptables-legacy "$legacy_state" "$legacy" "ip${v}tablesLegacy"
  section nft "$nft_state" "$nft" nft
  section ipset "$ipset_state" "$ipset" ipset
  section ipvs "$ipvs_state" "$ipvs" ipvs
  section moved-iptables listed "$moved_ipt" counters
  section moved-iptables-legacy listed "$moved_legacy" counters
  section moved-nft listed "$moved_nft" counters
  [ -n "$again_after" ] || return 0
  section again-iptables listed "$again_ipt" counters
  section again-iptables-legacy listed "$again_legacy" counters
  section again-nft listed "$again_nft" counters
}

print_sections() {
  edge=$MOST
  room=$((MOST - RESERVED - used - ${#facts}))
  all_sections short
  all_sections long
  all_sections tell
  for key in $unsaid; do facts="${facts}left-out=$key some$nl"; done
  print_facts
  printf '%sclb-doctor-probe end\n' "$sections"
}

# Reads the counters again, one interval of the check after the last time, as sample $1. The texts of the first sample
# stay. What has moved since then: new_ipt, new_legacy, new_nft.
later_sample() {
  new_ipt=
  new_legacy=
  new_nft=
  new_after=
  clock
  wait_for=$((interval - (ticks - read_at) / 100))
  # An interval that does not fit is no reason to wait until the end.
  [ "$wait_for" -le 15 ] || [ "$wait_for" -le "$((deadline - seconds - 4))" ] || wait_for=15
  [ "$wait_for" -le "$((deadline - seconds - 4))" ] || wait_for=$((deadline - seconds - 4))
  [ "$can_sleep" = yes ] || return 0
  [ "$wait_for" -lt 1 ] || (sleep "$wait_for")
  clock
  read_at=$ticks
  after="$(((ticks - sampled) / 100)).$(((ticks - sampled) / 10 % 10))"
  counter_facts "$1"
  first_ipt=$ipt
  first_legacy=$legacy
  first_nft=$nft
  first_states=$ipt_state$nl$legacy_state$nl$nft_state
  first_ipt_state=$ipt_state
  first_legacy_state=$legacy_state
  first_nft_state=$nft_state
  read_filters
  prune_filters
  if [ "$first_states" = "$ipt_state$nl$legacy_state$nl$nft_state" ]; then
    new_ipt=$(moved "$first_ipt" "$ipt")
    new_legacy=$(moved "$first_legacy" "$legacy")
    new_nft=$(moved "$first_nft" "$nft")
    new_after=$after
  fi
  ipt=$first_ipt
  legacy=$first_legacy
  nft=$first_nft
  ipt_state=$first_ipt_state
  legacy_state=$first_legacy_state
  nft_state=$first_nft_state
}

# Two spans of time tell what comes with every probe from what came once. Without a counter that moved there is nothing
# to tell apart.
samples() {
  clock
  sampled=$ticks
  read_at=$ticks
  counter_facts 1
  read_filters
  prune_filters
  say_pruned iptables "$dropped"
  read_ipset
  later_sample 2
  moved_ipt=$new_ipt
  moved_legacy=$new_legacy
  moved_nft=$new_nft
  again_after=
  [ "$can_sleep" = yes ] || return 0
  say sample-after "$after"
  connection_facts
  [ -n "$new_after" ] || return 0
  say second yes
  case $moved_ipt$moved_legacy$moved_nft in
  '' | *changed*) return 0 ;;
  esac
  [ "$((seconds + interval + 4))" -le "$deadline" ] || return 0
  later_sample 3
  again_ipt=$new_ipt
  again_legacy=$new_legacy
  again_nft=$new_nft
  again_after=$new_after
  [ -z "$again_after" ] || say third-after "$again_after"
}

main() {
  exec 2>/dev/null </dev/null
  # A small PATH is a choice. A usual one may lack the tools of the administrator.
  case ":${PATH-}:" in
  *:/bin:* | *:/usr/bin:*) PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin ;;
  esac
  clock
  deadline=$((seconds + 36))
  printf 'clb-doctor-probe 1\n'
  read_parameters "${1-}"
  if [ -z "$target" ]; then
    printf 'error=no-parameters\nclb-doctor-probe end\n'
    return 2
  fi
  borrow_from_busybox
  asked_facts
  # Another machine, which tries to reach the target: it tells nothing about itself.
  if [ "$mode" = peer ]; then
    say mode peer
    requests
    [ "$can_sleep" = no ] || (sleep 1)
    requests
    print_facts
    printf 'clb-doctor-probe end\n'
    return 0
  fi
  system_facts
  choose_filters
  listening_facts
  connection_facts
  sysctl_facts
  read_devices
  read_routes
  device_facts
  link_facts
  read_ipvs
  print_facts
  edge=$EDGE_OF_SAMPLES
  # Before the samples: the script's own requests move counters, too.
  requests
  samples
  prune_routes
  device_sysctl_facts
  print_sections
}

main "$@"
exit $?
#={{parameters}}
