{{- define "wary.name" -}}{{ default .Chart.Name .Values.nameOverride | trunc 40 | trimSuffix "-" }}{{- end }}

{{- define "wary.fullname" -}}
{{- if .Values.fullnameOverride }}{{ .Values.fullnameOverride | trunc 40 | trimSuffix "-" }}
{{- else if contains (include "wary.name" .) .Release.Name }}{{ .Release.Name | trunc 40 | trimSuffix "-" }}
{{- else }}{{ printf "%s-%s" .Release.Name (include "wary.name" .) | trunc 40 | trimSuffix "-" }}{{ end -}}
{{- end }}

{{- define "wary.selector" -}}
app.kubernetes.io/name: wary
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .process }}
{{- end }}

{{- define "wary.labels" -}}
{{ include "wary.selector" . }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version }}
{{- end }}

{{- define "wary.image" -}}
{{- with .Values.image }}{{ .repository }}{{ if .digest }}@{{ .digest }}{{ else }}:{{ default $.Chart.AppVersion .tag }}{{ end }}{{ end -}}
{{- end }}

{{/* Ports of a process: what it serves (none for those that only read topics), and its ops port. */}}
{{- define "wary.servePort" -}}{{ get (dict "ingest" "7410" "api" "7400" "embedded" "7400") . }}{{- end }}
{{- define "wary.opsPort" -}}{{ get (dict "ingest" "7411" "store" "7421" "detect" "7431" "respond" "7441" "api" "7401" "embedded" "7401" "migrate" "7401") . }}{{- end }}

{{- define "wary.env" -}}
{{- $values := .root.Values }}
{{- $dir := "/run/secrets/wary" }}
- { name: WARY_OPS_PORT, value: {{ include "wary.opsPort" .process | quote }} }
{{- if eq .process "ingest" }}
- { name: WARY_INGEST_PORT, value: {{ include "wary.servePort" .process | quote }} }
{{- else if or (eq .process "api") (eq .process "embedded") }}
- { name: WARY_PORT, value: {{ include "wary.servePort" .process | quote }} }
{{- end }}
- { name: WARY_DRAIN_SECONDS, value: {{ $values.drainSeconds | quote }} }
- { name: WARY_TRUST_PROXY, value: {{ $values.trustProxy | quote }} }
{{- with $values.publicUrl }}
- { name: WARY_PUBLIC_URL, value: {{ . | quote }} }
{{- end }}
{{- range $name, $variable := dict "secretKey" "WARY_SECRET_KEY" "adminPassword" "WARY_ADMIN_PASSWORD" "ingestKey" "WARY_INGEST_KEY" "postgresUrl" "WARY_POSTGRES_URL" "clickhouseUrl" "WARY_CLICKHOUSE_URL" "kafkaPassword" "WARY_KAFKA_PASSWORD" }}
{{- $server := has $name (list "postgresUrl" "clickhouseUrl") }}
{{- $key := get $values.secret.keys $name }}
{{- if and $key (not (and $server (eq $values.mode "embedded"))) }}
- { name: {{ $variable }}_FILE, value: {{ printf "%s/%s" $dir $key | quote }} }
{{- end }}
{{- end }}
{{- if $values.kafka.brokers }}
- { name: WARY_KAFKA_BROKERS, value: {{ join "," $values.kafka.brokers | quote }} }
- { name: WARY_KAFKA_GROUP, value: {{ $values.kafka.group | quote }} }
- { name: WARY_KAFKA_PARTITIONS, value: {{ $values.kafka.partitions | quote }} }
- { name: WARY_KAFKA_SSL, value: {{ $values.kafka.ssl | quote }} }
{{- with $values.kafka.ca.secret }}
- { name: WARY_KAFKA_SSL_CA, value: /run/secrets/wary-kafka/ca.crt }
{{- end }}
{{- with $values.kafka.saslMechanism }}
- { name: WARY_KAFKA_SASL_MECHANISM, value: {{ . | quote }} }
- { name: WARY_KAFKA_USERNAME, value: {{ required "kafka.username is needed with kafka.saslMechanism" $values.kafka.username | quote }} }
{{- end }}
{{- with $values.kafka.topics }}
- { name: WARY_KAFKA_TOPICS, value: {{ join "," . | quote }} }
{{- end }}
{{- end }}
{{- range $name, $value := $values.config }}
{{- /* Numbers of a values file are floats, and would be written as 1e+06. */}}
- { name: {{ $name }}, value: {{ if and (kindIs "float64" $value) (eq (floor $value) $value) }}{{ $value | int64 | quote }}{{ else }}{{ $value | quote }}{{ end }} }
{{- end }}
{{- end }}

{{/* The pod of a process: { root, process, settings, app, args } */}}
{{- define "wary.pod" -}}
{{- $values := .root.Values }}
{{- $serve := include "wary.servePort" .process }}
{{- $ops := include "wary.opsPort" .process }}
metadata:
  labels:
    {{- include "wary.labels" . | nindent 4 }}
  {{- with .settings.podAnnotations }}
  annotations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
spec:
  serviceAccountName: {{ include "wary.fullname" .root }}{{ if .job }}-migrate{{ end }}
  automountServiceAccountToken: false
  # Kubernetes would put WARY_… variables of its own beside ours, and an unknown one stops the start.
  enableServiceLinks: false
  terminationGracePeriodSeconds: {{ add $values.drainSeconds $values.endpointSeconds 15 }}
  {{- with $values.priorityClassName }}
  priorityClassName: {{ . }}
  {{- end }}
  {{- with $values.imagePullSecrets }}
  imagePullSecrets:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  securityContext:
    runAsNonRoot: true
    runAsUser: 10001
    runAsGroup: 10001
    fsGroup: 10001
    fsGroupChangePolicy: OnRootMismatch
    seccompProfile: { type: RuntimeDefault }
  {{- if not .job }}
  topologySpreadConstraints:
    {{- range list "kubernetes.io/hostname" "topology.kubernetes.io/zone" }}
    - maxSkew: 1
      topologyKey: {{ . }}
      whenUnsatisfiable: ScheduleAnyway
      labelSelector:
        matchLabels:
          {{- include "wary.selector" $ | nindent 10 }}
    {{- end }}
  {{- end }}
  {{- if .job }}
  restartPolicy: Never
  {{- end }}
  containers:
    - name: {{ .process }}
      image: {{ include "wary.image" .root }}
      imagePullPolicy: {{ $values.image.pullPolicy }}
      command: [node, {{ .app }}]
      {{- with .args }}
      args:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      env:
        {{- include "wary.env" . | nindent 8 }}
        {{- if eq .process "detect" }}
        # What is usual for an entity is asked of the process that scores it.
        - { name: WARY_ADVERTISED_HOST, valueFrom: { fieldRef: { fieldPath: status.podIP } } }
        {{- end }}
        {{- with .settings.extraEnv }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
      securityContext:
        allowPrivilegeEscalation: false
        readOnlyRootFilesystem: true
        capabilities: { drop: [ALL] }
      {{- if not .job }}
      ports:
        {{- if $serve }}
        - { name: http, containerPort: {{ $serve }} }
        {{- end }}
        - { name: ops, containerPort: {{ $ops }} }
      # Alive is not ready. A store that is down makes a pod unready and is no reason to start it anew.
      startupProbe: { httpGet: { path: /healthz, port: ops }, periodSeconds: 2, timeoutSeconds: 2, failureThreshold: 150 }
      livenessProbe: { httpGet: { path: /healthz, port: ops }, periodSeconds: 10, timeoutSeconds: 5, failureThreshold: 6 }
      readinessProbe: { httpGet: { path: /readyz, port: ops }, periodSeconds: 2, timeoutSeconds: 3, failureThreshold: 1 }
      {{- if and $serve (gt (int $values.endpointSeconds) 0) }}
      lifecycle: { preStop: { exec: { command: [sleep, {{ $values.endpointSeconds | quote }}] } } }
      {{- end }}
      {{- end }}
      resources:
        {{- toYaml .settings.resources | nindent 8 }}
      volumeMounts:
        - { name: tmp, mountPath: /tmp }
        - { name: data, mountPath: /data }
        - { name: secrets, mountPath: /run/secrets/wary, readOnly: true }
        {{- if $values.kafka.ca.secret }}
        - { name: kafka-ca, mountPath: /run/secrets/wary-kafka, readOnly: true }
        {{- end }}
  volumes:
    - { name: tmp, emptyDir: { sizeLimit: 256Mi } }
    {{- if ne .process "embedded" }}
    # Scaled processes keep nothing on a disk of their own.
    - { name: data, emptyDir: { sizeLimit: 64Mi } }
    {{- end }}
    - name: secrets
      secret:
        secretName: {{ required "secret.name is needed: a Secret with the keys that secret.keys names (README.md)" $values.secret.name }}
        defaultMode: 0440
    {{- with $values.kafka.ca }}
    {{- if .secret }}
    - name: kafka-ca
      secret: { secretName: {{ .secret }}, items: [{ key: {{ .key }}, path: ca.crt }] }
    {{- end }}
    {{- end }}
  {{- with .settings.nodeSelector }}
  nodeSelector:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with .settings.tolerations }}
  tolerations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with .settings.affinity }}
  affinity:
    {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end }}
